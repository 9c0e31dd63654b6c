//! cure: a wire's resistance is not negative
use memloom::prelude::*;

#[crossbar(cell = HfO2, r_wire = -2.5 ohm)]
struct Weights {
    g: Conductance<4, 3>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
