//! cure: a port is an input, an output or passive
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: inptu, inn: input, out: output), supplies(vdd, vss))]
struct OtaCell;

fn main() {}
