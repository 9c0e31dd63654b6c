//! cure: a gain has no unit
use memloom::prelude::*;

#[opamp(gain = 80 V, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
