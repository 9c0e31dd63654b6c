//! cure: give every key that the message names
use memloom::prelude::*;

#[opamp(gain = 10_000, gbw = 10 MHz)]
struct Ota;

fn main() {}
