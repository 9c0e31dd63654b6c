//! cure: remove one
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = vteam(d = 3 nm, d = 4 nm))]
struct HfO2;

fn main() {}
