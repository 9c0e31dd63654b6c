//! cure: `native` is an `fn(f64) -> f64`, of two inputs an `fn(f64, f64) -> f64`
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = "Eout out 0 inp 0 1", native = f64::powi)]
struct Own;

fn main() {}
