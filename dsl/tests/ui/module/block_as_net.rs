//! cure: blocks are marked with #[inst(..)]
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Relu,
    #[output]
    y: Bus<Voltage>,
    #[inst(p = y, n = ground)]
    r: Resistor,
}

fn main() {}
