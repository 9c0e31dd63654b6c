//! cure: a current comes from a crossbar
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[module]
struct Layer {
    #[net]
    i: Bus<Current>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = i, out = y)]
    tia: Readout,
}

fn main() {}
