//! cure: take a key out of the list
use memloom::prelude::*;

#[crossbar(cell = HfO2, colour = 2.5 ohm)]
struct Weights {
    g: Conductance<4, 3>,
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
