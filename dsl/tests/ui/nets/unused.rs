//! cure: remove the net, or wire it
use memloom::prelude::*;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[net]
    spare: Bus<Voltage>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
