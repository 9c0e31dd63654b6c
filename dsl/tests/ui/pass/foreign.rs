use memloom::erc;
use memloom::prelude::*;

#[subcircuit(
    file = "../../cells/ota.sp", name = "ota", ports(inp: input, inn: input, out: output),
    supplies(vdd = avdd, vss), params(w = 20 um)
)]
struct OtaCell {
    w: Metres,
}

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, subcircuit = OtaCell)]
struct Ota;

#[module(supplies(avdd = 1.8 V, vss = 0 V))]
struct Top {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x, inn = y[0], out = y[0])]
    amp: Ota,
    #[inst(inp = x, inn = y[1], out = y[1])]
    cell: OtaCell,
    #[inst(p = y[0], n = vss)]
    r: Resistor,
}

fn main() {
    let top = Top { amp: Ota, cell: OtaCell { w: Metres::new(5e-6) }, r: Resistor(Ohms::new(1e3)) };
    let design = elaborate("top", &top).expect("a design");
    assert_eq!(erc::check(&design), []);
    assert_eq!(design.foreign.len(), 1);
}
