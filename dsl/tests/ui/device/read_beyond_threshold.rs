//! cure: read below the threshold, or take a set whose threshold is higher
use memloom::prelude::*;

#[memristor(g_min = 2 mS, g_max = 20 mS, v_read = 0.2 V, model = vteam(set = memtorch))]
struct HfO2;

fn main() {}
