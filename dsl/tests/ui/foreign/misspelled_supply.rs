//! cure: name a supply of the module
use memloom::prelude::*;

#[module(supplies(vdd = 1.8 V, vss = 0 V))]
struct Load {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = vsd)]
    r: Resistor,
}

fn main() {}
