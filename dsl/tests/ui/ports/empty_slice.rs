//! cure: a slice has a wire
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 4>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x[2..2], out = y)]
    act: Relu,
}

fn main() {}
