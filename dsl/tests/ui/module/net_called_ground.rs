//! cure: `ground` is the supply at 0 V
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    ground: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = ground, out = y)]
    act: Relu,
}

fn main() {}
