//! cure: an activation of your own has a body
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, native = f64::tanh)]
struct Own;

fn main() {}
