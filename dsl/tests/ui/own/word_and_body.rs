//! cure: name a function or give a body
use memloom::prelude::*;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V, spice = "Eout out 0 inp 0 1")]
struct Own;

fn main() {}
