//! cure: give a speed: the state moves along the device
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = vteam(k_off = 30 MHz))]
struct HfO2;

fn main() {}
