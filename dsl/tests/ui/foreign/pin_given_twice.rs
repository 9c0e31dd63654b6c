//! cure: make the pin a port or a supply, not both
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output, VDD: passive), supplies(vdd, vss))]
struct OtaCell;

fn main() {}
