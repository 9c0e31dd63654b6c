//! cure: a slice lies inside its net for the parameters at hand
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Tap<const N: usize, const K: usize> {
    #[input]
    x: Bus<Voltage, N>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x[K], out = y)]
    act: Relu,
}

fn main() {
    let _ = elaborate("tap", &Tap::<4, 4> { act: Relu });
}
