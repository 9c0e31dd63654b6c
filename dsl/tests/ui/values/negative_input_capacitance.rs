//! cure: an input's capacitance is not negative
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, c_in = -2 pF)]
struct Ota;

fn main() {}
