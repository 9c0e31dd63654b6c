//! cure: a field has one role
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[output]
    #[net]
    y: Bus<Voltage>,
    #[inst(inp = x, out = y)]
    act: Relu,
}

fn main() {}
