//! cure: an instance is a block
use memloom::prelude::*;

#[module]
struct Layer {
    #[input]
    x: Bus<Voltage>,
    #[inst(inp = x)]
    number: [f64; 2],
}

fn main() {}
