//! cure: the lower end comes first
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 1.7 V ..= 0.1 V)]
struct Ota;

fn main() {}
