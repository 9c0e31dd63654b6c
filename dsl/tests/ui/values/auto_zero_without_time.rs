//! cure: an op-amp takes time to zero its offset
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, auto_zero = 20 uV)]
struct Ota;

fn main() {}
