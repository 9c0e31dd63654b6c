//! cure: a crossbar has a row
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights<const R: usize> {
    g: Conductance<R, 3>,
}

fn main() {
    let _ = elaborate("w", &Weights::<0>::program([]));
}
