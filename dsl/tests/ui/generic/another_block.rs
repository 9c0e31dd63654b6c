//! cure: give the module a block with the ports that it wires
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = 10 kohm, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[module]
#[derive(Debug)]
struct Wrap<B: Block<Ports = memloom::ports::Activation>> {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x, out = y)]
    act: B,
}

fn main() {
    let _ = elaborate("wrap", &Wrap { act: Readout });
}
