//! cure: take a model out of the list
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = stanford)]
struct HfO2;

fn main() {}
