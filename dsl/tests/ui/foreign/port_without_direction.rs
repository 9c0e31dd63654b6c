//! cure: say which way each port points
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp, inn: input, out: output), supplies(vdd, vss))]
struct OtaCell;

fn main() {}
