//! cure: one row of weights per input, one weight per output
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<4, 3>,
}

fn weights() -> Weights {
    Weights::program([[1e-5; 3]; 3])
}

fn main() {}
