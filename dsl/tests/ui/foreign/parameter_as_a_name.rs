//! cure: give the parameter a value
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output), supplies(vdd, vss), params(w))]
struct OtaCell;

fn main() {}
