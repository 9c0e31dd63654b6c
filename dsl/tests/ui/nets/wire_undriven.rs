//! cure: every wire of a net has a driver
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x[0], out = y[0])]
    act: Relu,
}

fn main() {}
