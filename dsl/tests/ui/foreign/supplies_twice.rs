//! cure: write the supply pins at the #[subcircuit]
use memloom::prelude::*;

#[subcircuit(file = "../../cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output), supplies(vdd, vss))]
struct OtaCell;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, supplies(vdd, vss), subcircuit = OtaCell)]
struct Ota;

fn main() {}
