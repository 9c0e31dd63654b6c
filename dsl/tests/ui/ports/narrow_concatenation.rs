//! cure: join as many wires as the port has
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
    a: Bus<Voltage, 2>,
    #[input]
    b: Bus<Voltage>,
    #[output]
    i: Bus<Current, 3>,
    #[inst(row = [a, b], col = i)]
    xbar: Weights,
}

fn main() {}
