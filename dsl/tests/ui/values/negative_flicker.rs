//! cure: a density of noise is not negative
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, flicker = -1e-6)]
struct Cell;

fn main() {}
