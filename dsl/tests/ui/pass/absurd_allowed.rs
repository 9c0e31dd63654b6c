//! cure: (passes)
#![deny(deprecated)]
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2, r_wire = 1 Mohm, allow(absurd))]
struct Weights {
    g: Conductance<4, 3>,
}

fn main() {}
