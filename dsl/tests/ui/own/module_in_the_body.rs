//! cure: write the statements of the `analog` block
use memloom::prelude::*;

#[activation(unit = 100 mV, v_ref = 0.9 V, verilog_a = "analog begin V(out) <+ V(inp); end")]
struct Own;

fn main() {}
