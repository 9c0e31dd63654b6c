//! cure: 1.0 is drawn as a voltage above zero
use memloom::prelude::*;

#[activation(relu, unit = 0 mV, v_ref = 0.9 V)]
struct Relu;

fn main() {}
