//! cure: `opamp` is a struct under #[opamp]
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = HfO2)]
struct Readout;

fn main() {}
