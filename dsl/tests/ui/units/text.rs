//! cure: a quantity is no text: leave the quotes out
use memloom::prelude::*;

#[tia(r_f = "10 kohm", v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
