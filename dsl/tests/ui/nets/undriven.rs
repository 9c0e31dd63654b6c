//! cure: wire the net to an output
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[net]
    a: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = a, out = y)]
    act: Relu,
}

fn main() {}
