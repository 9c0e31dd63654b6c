//! cure: `cell` is a struct under #[memristor]
use memloom::prelude::*;

#[crossbar(cell = Ota)]
struct Weights {
    g: Conductance<4, 3>,
}

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
