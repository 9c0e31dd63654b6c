//! cure: an activation's output reaches the voltage of 0.0
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V, swing = 1 V ..= 1.8 V)]
struct Relu;

fn main() {}
