//! cure: name a wire once in an output's concatenation
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x, out = [y, y])]
    act: [Relu; 2],
}

fn main() {}
