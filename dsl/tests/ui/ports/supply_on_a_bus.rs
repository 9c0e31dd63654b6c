//! cure: join a supply once for each wire, `[0.9 V, 0.9 V, ..]`
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<4, 3>,
}

#[module]
struct Layer {
    #[output]
    i: Bus<Current, 3>,
    #[inst(row = 0.9 V, col = i)]
    xbar: Weights,
}

fn main() {}
