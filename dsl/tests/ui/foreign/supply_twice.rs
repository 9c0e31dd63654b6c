//! cure: declare a rail once
use memloom::prelude::*;

#[module(supplies(vdd = 1.8 V, vdd = 1.2 V))]
struct Load {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = vdd)]
    r: Resistor,
}

fn main() {}
