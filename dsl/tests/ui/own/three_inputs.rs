//! cure: an activation has one input or two
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, inputs = [a, b, c], spice = "Bout out 0 V=v(a)+v(b)+v(c)")]
struct Own;

fn main() {}
