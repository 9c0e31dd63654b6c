//! cure: give the rail another name, `ground` is there already
use memloom::prelude::*;

#[module(supplies(ground = 0 V))]
struct Load {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
