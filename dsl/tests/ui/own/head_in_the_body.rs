//! cure: leave head and tail to memloom
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = ".subckt own inp out v_ref\nEout out 0 inp 0 1\n.ends")]
struct Own;

fn main() {}
