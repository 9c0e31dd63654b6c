//! cure: two levels or more
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, levels = 1, v_read = 0.2 V)]
struct HfO2;

fn main() {}
