//! cure: two levels or more
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, levels = LEVELS, v_read = 0.2 V)]
struct Cell<const LEVELS: u32>;

fn main() {
    let _ = Cell::<1>::cell();
}
