//! cure: move the range to where the device conducts, or leave `set` out
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 2 mS, v_read = 0.2 V, model = vteam(set = magic))]
struct HfO2;

fn main() {}
