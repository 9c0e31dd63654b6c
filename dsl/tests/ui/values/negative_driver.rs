//! cure: neither drivers and contacts nor capacitances are negative
use memloom::prelude::*;

#[crossbar(cell = HfO2, r_driver = -100 ohm, r_contact = -1 kohm, c_wire = -1 fF)]
struct Weights {
    g: Conductance<4, 3>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
