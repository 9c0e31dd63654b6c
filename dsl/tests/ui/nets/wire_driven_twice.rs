//! cure: each wire of a voltage net has one driver
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x, out = y)]
    both: [Relu; 2],
    #[inst(inp = x[0], out = y[1])]
    third: Relu,
}

fn main() {}
