//! cure: only `signed = dual_rail` has row drivers
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2, v_ref = 0.9 V)]
struct Weights {
    g: Conductance<4, 3>,
}

fn main() {}
