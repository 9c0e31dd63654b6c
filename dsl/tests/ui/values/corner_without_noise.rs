//! cure: flicker noise meets white noise at its corner
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, flicker_corner = 100 kHz)]
struct Ota;

fn main() {}
