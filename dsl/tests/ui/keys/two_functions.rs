//! cure: declare one struct for each function
use memloom::prelude::*;

#[activation(relu, hard_swish, unit = 100 mV, v_ref = 0.9 V)]
struct Act;

fn main() {}
