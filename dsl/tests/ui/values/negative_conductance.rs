//! cure: a conductance is above zero
use memloom::prelude::*;

#[memristor(g_min = -1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
