//! cure: an output goes to a net
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    a: Bus<Voltage>,
    #[inst(inp = a, out = ground)]
    act: Relu,
}

fn main() {}
