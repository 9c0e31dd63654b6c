//! cure: a slew rate is volts per time
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
