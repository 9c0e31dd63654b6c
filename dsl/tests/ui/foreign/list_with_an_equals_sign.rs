//! cure: write lists in parentheses
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, supplies = vdd)]
struct Ota;

fn main() {}
