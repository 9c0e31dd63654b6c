//! cure: the lower value comes first
use memloom::prelude::*;

#[module]
struct Load {
    #[input(range = 1.3 V ..= 0.5 V)]
    x: Bus<Voltage>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
