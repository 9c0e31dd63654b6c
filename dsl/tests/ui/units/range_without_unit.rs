//! cure: both ends of a range have a unit
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 ..= 1.7 V)]
struct Ota;

fn main() {}
