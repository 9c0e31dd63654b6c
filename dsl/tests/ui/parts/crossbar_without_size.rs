//! cure: a crossbar has one field, its size
use memloom::prelude::*;

#[crossbar(cell = HfO2)]
struct Weights;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
