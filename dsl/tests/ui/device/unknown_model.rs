//! cure: take a model from `docs/devices.md`
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = vtaem)]
struct HfO2;

fn main() {}
