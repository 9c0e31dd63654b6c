//! cure: move `v_ref` inside the op-amp's swing
use memloom::prelude::*;

#[crossbar(cell = HfO2, signed = dual_rail, opamp = Ota, v_ref = 1.8 V)]
struct Weights {
    g: Conductance<4, 3>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

fn main() {}
