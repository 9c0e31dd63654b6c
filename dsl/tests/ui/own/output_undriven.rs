//! cure: a body drives `out`
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = "Bo o 0 V=v(inp)")]
struct Own;

fn main() {}
