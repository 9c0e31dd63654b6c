//! cure: `readout` is a struct under #[tia]
use memloom::prelude::*;

#[technology(name = "hfo2", cell = HfO2, tile = 128 x 128, signed = dual_rail, readout = Ota, r_f = 100 ohm ..= 10 Mohm, r_unit = 100 kohm, functions = [Swish, Sigmoid, Relu], multiplier = Gilbert)]
struct Hfo2;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[activation(hard_swish, unit = 100 mV, v_ref = 0.9 V)]
struct Swish;

#[activation(hard_sigmoid, unit = 100 mV, v_ref = 0.9 V)]
struct Sigmoid;

#[activation(multiplier, unit = 100 mV, v_ref = 0.9 V)]
struct Gilbert;

fn main() {}
