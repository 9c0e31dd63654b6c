//! cure: take one of the published sets of the model
use memloom::prelude::*;

#[memristor(g_min = 5 uS, g_max = 500 uS, v_read = 0.2 V, model = vteam(set = magik))]
struct HfO2;

fn main() {}
