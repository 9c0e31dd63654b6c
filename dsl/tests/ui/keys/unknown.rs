//! cure: take the key that the message suggests
use memloom::prelude::*;

#[tia(r_f = 10 kohm, c_f = 1 pF, v_rfe = 0.9 V, opamp = Ota)]
struct Readout;

fn main() {}
