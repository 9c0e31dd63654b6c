//! cure: a voltage ranges over volts
use memloom::prelude::*;

#[module]
struct Load {
    #[input(range = 0.5 uA ..= 1.3 uA)]
    x: Bus<Voltage>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
