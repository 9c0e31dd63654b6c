//! cure: take one of the words of the choice
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = hp(window = jogelkar))]
struct HfO2;

fn main() {}
