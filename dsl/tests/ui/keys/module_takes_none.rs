//! cure: a module has no keys
use memloom::prelude::*;

#[module(fast)]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
