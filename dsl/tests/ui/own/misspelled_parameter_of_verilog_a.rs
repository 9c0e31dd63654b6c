//! cure: take the parameter that the message suggests
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, verilog_a = "V(out) <+ V(v_ref) + unit_our * tanh(V(inp, v_ref) / unit_in);")]
struct Own;

fn main() {}
