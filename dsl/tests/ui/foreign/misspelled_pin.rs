//! cure: spell the pins as the file does
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: input, inm: input, out: output), supplies(vdd, vss))]
struct OtaCell;

fn main() {}
