//! cure: give a value in the range; the threshold towards LRS is negative
use memloom::prelude::*;

const V_ON: Volts = Volts::new(1.2);

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, model = vteam(v_on = V_ON))]
struct HfO2;

fn main() {}
