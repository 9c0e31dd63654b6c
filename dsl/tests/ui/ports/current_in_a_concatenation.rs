//! cure: put a #[tia] between a current and a voltage
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
    a: Bus<Voltage, 3>,
    #[input]
    b: Bus<Current>,
    #[output]
    i: Bus<Current, 3>,
    #[inst(row = [a, b], col = i)]
    xbar: Weights,
}

fn main() {}
