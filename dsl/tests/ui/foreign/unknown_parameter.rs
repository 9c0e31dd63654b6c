//! cure: set only parameters that the subcircuit has
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output), supplies(vdd, vss), params(w = 20 um, mult = 2))]
struct OtaCell;

fn main() {}
