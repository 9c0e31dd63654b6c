//! cure: give the smaller resistance to `r_on`
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = vteam(r_on = 1 Mohm, r_off = 1 kohm))]
struct HfO2;

fn main() {}
