//! cure: a crossbar names its cell type
use memloom::prelude::*;

#[crossbar(r_wire = 2.5 ohm)]
struct Weights {
    g: Conductance<4, 3>,
}

fn main() {}
