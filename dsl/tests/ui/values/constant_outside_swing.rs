//! cure: move `v_ref` inside the op-amp's swing
use memloom::prelude::*;

const V_REF: Volts = Volts::new(1.8);

#[tia(r_f = 10 kohm, v_ref = V_REF, opamp = Ota)]
struct Readout;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
