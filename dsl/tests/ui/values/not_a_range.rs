//! cure: a swing has a low and a high end
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 1.7 V)]
struct Ota;

fn main() {}
