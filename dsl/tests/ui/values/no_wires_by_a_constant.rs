//! cure: a bus has a wire
use memloom::prelude::*;

const WIDTH: usize = 0;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, WIDTH>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
