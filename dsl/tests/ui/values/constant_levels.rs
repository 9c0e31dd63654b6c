//! cure: two levels or more
use memloom::prelude::*;

const LEVELS: u32 = 1;

#[memristor(g_min = 1 uS, g_max = 100 uS, levels = LEVELS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
