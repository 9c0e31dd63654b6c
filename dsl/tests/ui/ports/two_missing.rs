//! cure: wire every port
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<4, 3>,
}

#[module]
struct Layer {
    #[inst()]
    xbar: Weights,
}

fn main() {}
