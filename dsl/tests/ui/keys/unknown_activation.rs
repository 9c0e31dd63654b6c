//! cure: take the function that the message suggests
use memloom::prelude::*;

#[activation(hard_swich, unit = 100 mV, v_ref = 0.9 V)]
struct Swish;

fn main() {}
