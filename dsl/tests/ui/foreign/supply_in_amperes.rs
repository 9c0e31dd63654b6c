//! cure: give the rail a voltage
use memloom::prelude::*;

#[module(supplies(vdd = 1 mA))]
struct Load {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = vdd)]
    r: Resistor,
}

fn main() {}
