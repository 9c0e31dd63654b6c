//! cure: name a section that the library has
use memloom::prelude::*;

#[subcircuit(
    file = "../../cells/ota.sp", library = "tf", name = "swish", ports(inp: input, out: output, v_ref: input),
    supplies(vdd, vss)
)]
struct SwishCell;

fn main() {}
