//! cure: take the parameter that the message suggests
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, spice = "Bout out 0 V=v(v_ref)+tanh((v(inp)-v(v_ref))/{unitin})*{unit_out}")]
struct Own;

fn main() {}
