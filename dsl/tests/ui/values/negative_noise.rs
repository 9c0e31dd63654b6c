//! cure: a density of noise is not negative
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, noise_density = -10 nV)]
struct Ota;

fn main() {}
