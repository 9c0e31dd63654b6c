//! cure: take a cell that has the ports of an op-amp
use memloom::prelude::*;

#[subcircuit(
    file = "../../cells/ota.sp", library = "tt", name = "swish", ports(inp: input, out: output, v_ref: input),
    supplies(vdd, vss)
)]
struct SwishCell;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, subcircuit = SwishCell)]
struct Ota;

fn main() {}
