//! cure: a body is text
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = inp + out)]
struct Own;

fn main() {}
