//! cure: give the key that the message names
use memloom::prelude::*;

#[memristor(g_min = 1 uS, v_read = 0.2 V)]
struct HfO2;

fn main() {}
