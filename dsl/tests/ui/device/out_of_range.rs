//! cure: give a value in the range; the threshold towards LRS is negative
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = vteam(v_on = 1.2 V))]
struct HfO2;

fn main() {}
