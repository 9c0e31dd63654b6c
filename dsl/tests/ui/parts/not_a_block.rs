//! cure: an instance is a block
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[inst(inp = x)]
    cell: HfO2,
}

fn main() {}
