//! cure: an output goes to a net
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x, out = [y, 0.9 V])]
    act: [Relu; 2],
}

fn main() {}
