//! cure: spell the parameter as in `docs/devices.md`
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = vteam(v_onn = -1.2 V))]
struct HfO2;

fn main() {}
