//! cure: a cell is described by its conductance
use memloom::prelude::*;

#[memristor(g_min = 10 kohm, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
