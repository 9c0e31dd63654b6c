//! cure: lower `r_f`, or declare a smaller range of currents
use memloom::prelude::*;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, i_in = -50 uA ..= 100 uA, opamp = Ota)]
struct Readout;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
