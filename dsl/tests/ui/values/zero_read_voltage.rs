//! cure: cells are read at a voltage above zero
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0 V)]
struct HfO2;

fn main() {}
