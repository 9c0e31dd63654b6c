//! cure: bound the parameter: `B: Block<Ports = memloom::ports::Activation>`
use memloom::prelude::*;

#[module]
struct Wrap<B> {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x, out = y)]
    act: B,
}

fn main() {}
