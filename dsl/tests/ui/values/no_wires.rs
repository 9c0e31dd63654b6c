//! cure: a bus has a wire
use memloom::prelude::*;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 0>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
