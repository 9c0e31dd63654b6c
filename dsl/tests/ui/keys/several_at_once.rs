//! cure: all mistakes of one item are reported at once: mend each
use memloom::prelude::*;

#[opamp(gain = 10_000 V, gbw = 10 Mhz, slew = 10 V, swing = 1.7 V ..= 0.1 V)]
struct Ota;

fn main() {}
