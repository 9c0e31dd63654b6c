//! cure: take a constant of the key's unit type
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

const R_F: Volts = Volts::new(0.9);

#[tia(r_f = R_F, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

fn main() {}
