//! cure: give each rail of a technology its voltage
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[technology(
    name = "t", cell = HfO2, tile = 128 x 128, signed = dual_rail, readout = Readout,
    r_f = 100 ohm ..= 10 Mohm, r_unit = 100 kohm,
    functions = [Relu, Relu, Relu], multiplier = Relu, supplies(vdd = 1.8 V, vss),
)]
struct Tech;

fn main() {}
