//! cure: `netlist = device` for the model, `netlist = resistor` or nothing for a resistor
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, netlist = devise)]
struct HfO2;

fn main() {}
