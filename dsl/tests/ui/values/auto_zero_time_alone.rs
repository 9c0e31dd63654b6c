//! cure: time to zero an offset is for an op-amp that does so
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, auto_zero_time = 5 us)]
struct Ota;

fn main() {}
