//! cure: a crossbar's field is a `Conductance`
use memloom::prelude::*;

#[crossbar(cell = HfO2)]
struct Weights {
    g: [[f64; 3]; 4],
}

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
