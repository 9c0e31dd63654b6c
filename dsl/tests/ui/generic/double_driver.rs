//! cure: each voltage has its own net, whatever the parameters
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Pair<const N: usize> {
    #[input]
    x: Bus<Voltage, N>,
    #[output]
    y: Bus<Voltage, N>,
    #[inst(inp = x, out = y)]
    a: [Relu; N],
    #[inst(inp = x, out = y)]
    b: [Relu; N],
}

fn main() {
    let pair = Pair::<2> { a: [Relu; 2], b: [Relu; 2] };
    let _ = elaborate("pair", &pair);
}
