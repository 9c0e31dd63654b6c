//! cure: a Verilog-A body reads ports
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, verilog_a = "V(out) <+ V(v_ref) + tanh(V(inp, v_rfe));")]
struct Own;

fn main() {}
