//! cure: a connection is `port = net`
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(x, out = y)]
    act: Relu,
}

fn main() {}
