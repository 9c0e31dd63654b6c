//! cure: say which section of the library to take
use memloom::prelude::*;

#[subcircuit(
    file = "../../cells/ota.sp", name = "swish", ports(inp: input, out: output, v_ref: input), supplies(vdd, vss)
)]
struct SwishCell;

fn main() {}
