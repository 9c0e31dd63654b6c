//! cure: name a struct under #[subcircuit]
use memloom::prelude::*;

struct OtaCell;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, subcircuit = OtaCell)]
struct Ota;

fn main() {}
