//! cure: write the open-loop gain
use memloom::prelude::*;

#[opamp(gain = 0.5, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
