//! cure: move `v_ref` inside the op-amp's swing
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 0.8 V)]
struct Low;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = A)]
struct Readout<A: OpAmpType>;

fn main() {
    let _ = Readout::<Low>::tia();
}
