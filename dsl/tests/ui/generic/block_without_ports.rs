//! cure: the bound says which ports the block has
use memloom::prelude::*;

#[module]
struct Divider<B: Block> {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(p = x, n = y)]
    r: B,
}

fn main() {}
