//! cure: name the netlist with the circuit
use memloom::prelude::*;

#[subcircuit(name = "ota", ports(inp: input, out: output))]
struct OtaCell;

fn main() {}
