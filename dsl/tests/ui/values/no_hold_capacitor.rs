//! cure: a sample-and-hold holds a value on a capacitor
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[activation(multiplier, unit = 100 mV, v_ref = 0.9 V)]
struct Multiplier;

#[technology(
    name = "held", cell = HfO2, tile = 128 x 128, signed = dual_rail, readout = Readout, r_f = 1 kohm ..= 10 Mohm,
    r_unit = 100 kohm, c_hold = 0 F, functions = [], multiplier = Multiplier,
)]
struct Held;

fn main() {}
