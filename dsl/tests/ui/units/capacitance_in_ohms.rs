//! cure: a capacitance is in farads, a resistance in ohms
use memloom::prelude::*;

#[crossbar(cell = HfO2, c_wire = 1 ohm, r_sense = 1 fF)]
struct Weights {
    g: Conductance<4, 3>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
