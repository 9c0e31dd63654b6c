//! cure: nets and copies agree for the parameters at hand
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Bank<const N: usize, const M: usize> {
    #[input]
    x: Bus<Voltage, N>,
    #[output]
    y: Bus<Voltage, M>,
    #[inst(inp = x, out = y)]
    each: [Relu; M],
}

fn main() {
    let _ = elaborate("bank", &Bank::<4, 3> { each: [Relu; 3] });
}
