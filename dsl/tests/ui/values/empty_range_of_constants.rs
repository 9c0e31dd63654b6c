//! cure: the larger conductance is `g_max`
use memloom::prelude::*;

const G_MIN: Siemens = Siemens::new(1e-4);

#[memristor(g_min = G_MIN, g_max = 1 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
