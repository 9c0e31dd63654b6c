//! cure: a crossbar has a row
use memloom::prelude::*;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<0, 3>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
