//! cure: only currents sum on a net: give each voltage its own
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    a: Bus<Voltage>,
    #[input]
    b: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = a, out = y)]
    first: Relu,
    #[inst(inp = b, out = y)]
    second: Relu,
}

fn main() {}
