//! cure: write the path of the netlist, from the crate or from the source file
use memloom::prelude::*;

#[subcircuit(file = "otta.sp", name = "ota", ports(inp: input, inn: input, out: output), supplies(vdd, vss))]
struct OtaCell;

fn main() {}
