//! cure: a supply is written as its voltage
use memloom::prelude::*;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = 1.8)]
    r: Resistor,
}

fn main() {}
