//! cure: a supply is written as its voltage
use memloom::prelude::*;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = 5 ohm)]
    r: Resistor,
}

fn main() {}
