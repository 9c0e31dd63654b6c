//! cure: an input is driven from outside
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    a: Bus<Voltage>,
    #[input]
    b: Bus<Voltage>,
    #[inst(inp = a, out = b)]
    act: Relu,
}

fn main() {}
