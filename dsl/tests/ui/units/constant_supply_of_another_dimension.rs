//! cure: a supply is a constant of the type `Volts`
use memloom::prelude::*;

const LOAD: Ohms = Ohms::new(5.0);

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[inst(p = x, n = { LOAD })]
    r: Resistor,
}

fn main() {}
