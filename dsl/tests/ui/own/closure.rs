//! cure: write a function and name it
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = "Eout out 0 inp 0 1", native = |x| x.tanh())]
struct Own;

fn main() {}
