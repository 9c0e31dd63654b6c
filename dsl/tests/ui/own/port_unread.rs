//! cure: a body reads every input
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = "Bout out 0 V=v(v_ref)")]
struct Own;

fn main() {}
