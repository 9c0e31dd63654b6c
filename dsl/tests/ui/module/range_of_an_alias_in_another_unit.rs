//! cure: a current ranges over amperes
use memloom::prelude::*;

type Columns = Bus<Current, 2>;

#[module]
struct Load {
    #[input(range = 0.5 V ..= 1.3 V)]
    i: Columns,
    #[inst(p = i, n = ground)]
    r: [Resistor; 2],
}

fn main() {}
