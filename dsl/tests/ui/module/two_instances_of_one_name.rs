//! cure: an instance has its name alone
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[output]
    z: Bus<Voltage>,
    #[inst(inp = x, out = y)]
    act: Relu,
    #[inst(inp = x, out = z)]
    act: Relu,
}

fn main() {}
