//! cure: a port is wired to nets, wires of nets, or supplies
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x + y, out = y)]
    act: Relu,
}

fn main() {}
