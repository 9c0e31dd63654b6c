//! cure: levels are a whole number
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, levels = many levels, v_read = 0.2 V)]
struct HfO2;

fn main() {}
