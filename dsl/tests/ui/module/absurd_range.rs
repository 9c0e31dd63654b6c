//! cure: check the unit, or write `allow(absurd)` in #[module(..)]
#![deny(deprecated)]
use memloom::prelude::*;

#[module]
struct Load {
    #[input(range = 0.5 V ..= 1.3 kV)]
    x: Bus<Voltage>,
    #[inst(p = x, n = ground)]
    r: Resistor,
}

fn main() {}
