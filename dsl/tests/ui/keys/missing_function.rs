//! cure: name a function, or give a body
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V)]
struct Act;

fn main() {}
