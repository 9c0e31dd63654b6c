//! cure: put a #[tia] between a current and a voltage
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights {
    g: Conductance<4, 3>,
}

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage, 4>,
    #[net]
    i: Bus<Current, 3>,
    #[output]
    y: Bus<Voltage, 3>,
    #[inst(row = x, col = i)]
    xbar: Weights,
    #[inst(inp = i, out = y)]
    act: [Relu; 3],
}

fn main() {}
