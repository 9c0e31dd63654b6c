//! cure: give the cell a parameter `g` or `r` for its target
use memloom::prelude::*;

#[subcircuit(
    file = "../../cells/pair.sp", name = "pair", ports(p: passive, n: passive)
)]
struct Pair;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, subcircuit = Pair)]
struct Cell;

fn main() {}
