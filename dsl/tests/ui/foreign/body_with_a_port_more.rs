//! cure: make a pin that is no port of an op-amp a supply
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output, vss: input), supplies(vdd))]
struct OtaCell;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, subcircuit = OtaCell)]
struct Ota;

fn main() {}
