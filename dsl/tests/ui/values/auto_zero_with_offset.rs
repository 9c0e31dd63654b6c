//! cure: an op-amp that zeroes its offset has none of its own
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, auto_zero = 20 uV, auto_zero_time = 5 us, offset = 1 mV)]
struct Ota;

fn main() {}
