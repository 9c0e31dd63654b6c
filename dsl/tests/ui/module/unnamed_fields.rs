//! cure: a module names its nets
use memloom::prelude::*;

#[module]
struct Layer(Bus<Voltage>);

fn main() {}
