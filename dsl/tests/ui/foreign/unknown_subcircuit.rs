//! cure: spell the name as the file does
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "otta", ports(inp: input, inn: input, out: output), supplies(vdd, vss))]
struct OtaCell;

fn main() {}
