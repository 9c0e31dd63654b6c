//! cure: write the frequency, 1 / time
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 100 ns, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
