//! cure: only inputs have a range: the rest follows from them
use memloom::prelude::*;

#[module]
struct Load {
    #[input]
    x: Bus<Voltage>,
    #[output(range = 0.5 V ..= 1.3 V)]
    y: Bus<Voltage>,
    #[inst(p = x, n = y)]
    r: Resistor,
}

fn main() {}
