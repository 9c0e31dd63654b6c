//! cure: a slew rate is above zero
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 0 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
