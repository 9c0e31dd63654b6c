//! cure: give a `swing` where `v_ref` is ground
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0 V)]
struct Relu;

fn main() {}
