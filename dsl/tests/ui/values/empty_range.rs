//! cure: the larger conductance is `g_max`
use memloom::prelude::*;

#[memristor(g_min = 100 uS, g_max = 1 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
