//! cure: break the circle: modules are made of smaller ones
use memloom::prelude::*;

#[module]
struct First {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(x = x, y = y)]
    inner: Second,
}

#[module]
struct Second {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(x = x, y = y)]
    stage: Third,
}

#[module]
struct Third {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(x = x, y = y)]
    inner: First,
}

fn main() {}
