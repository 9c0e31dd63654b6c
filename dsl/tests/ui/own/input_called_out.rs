//! cure: `out` and `v_ref` are there already
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, inputs = [out], spice = "Bout out 0 V=1")]
struct Own;

fn main() {}
