//! cure: give the field a role
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[module]
struct Layer {
    i: Bus<Current>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = i, out = y)]
    tia: Readout,
}

fn main() {}
