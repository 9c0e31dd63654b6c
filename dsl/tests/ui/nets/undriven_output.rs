//! cure: an output is driven by a block
use memloom::prelude::*;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
