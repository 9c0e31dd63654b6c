//! cure: (passes)
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[crossbar(cell = HfO2)]
struct Weights<const R: usize, const C: usize> {
    g: Conductance<R, C>,
}

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[module]
struct Layer<T: Block<Ports = memloom::ports::Tia>, const I: usize, const O: usize> {
    #[input]
    x: Bus<Voltage, I>,
    #[output]
    y: Bus<Voltage, O>,
    #[net]
    i: Bus<Current, O>,
    #[inst(row = x, col = i)]
    xbar: Weights<I, O>,
    #[inst(inp = i, out = y)]
    tia: [T; O],
}

fn main() {
    let layer = Layer { xbar: Weights::program([[1e-5; 2]; 3]), tia: [Readout; 2] };
    elaborate("layer", &layer).expect("a good design");
}
