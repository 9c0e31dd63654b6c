//! cure: write `r_wire` for both kinds of lines, or each kind by itself
use memloom::prelude::*;

#[crossbar(cell = HfO2, r_wire = 2.5 ohm, r_bitline = 1 ohm)]
struct Weights {
    g: Conductance<4, 3>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
