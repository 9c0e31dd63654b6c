//! cure: declare the rail at the technology or at the module on top; a cell only names it
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, supplies(vdd = 1.8 V, vss))]
struct Ota;

fn main() {}
