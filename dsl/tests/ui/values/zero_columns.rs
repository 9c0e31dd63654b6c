//! cure: a crossbar has a column
use memloom::prelude::*;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<4, 0>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
