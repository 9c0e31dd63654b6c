//! cure: a slice lies inside its net
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<4, 3>,
}

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 4>,
    #[output]
    i: Bus<Current, 3>,
    #[inst(row = x[2..6], col = i)]
    xbar: Weights,
}

fn main() {}
