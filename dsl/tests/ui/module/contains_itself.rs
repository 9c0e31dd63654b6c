//! cure: a module is made of other blocks
use memloom::prelude::*;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(x = x, y = y)]
    again: Layer,
}

fn main() {}
