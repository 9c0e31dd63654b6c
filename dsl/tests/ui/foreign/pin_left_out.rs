//! cure: declare each pin of the file, as a port or as a supply
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output), supplies(vdd))]
struct OtaCell;

fn main() {}
