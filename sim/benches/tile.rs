//! Speed of the tile solver.
use memloom_sim::tile::{Lines, Tile};
use std::time::Instant;

fn tile(n: usize, low: f64, high: f64) -> Tile {
    let mut state = 7u64;
    let g = (0..n * n).map(|_| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        let u = (state >> 11) as f64 / (1u64 << 53) as f64;
        1.0 / (low * (high / low).powf(u))
    }).collect();
    Tile::new(n, n, g, &Lines { wordline: 1.0, bitline: 1.0, ..Lines::default() }).unwrap()
}

fn main() {
    for n in [32, 64, 128, 256, 512, 1024] {
        let tile = tile(n, 1e5, 1e6);
        let start = Instant::now();
        let e = tile.effective().unwrap();
        println!("{n}: {:.4} s {:e}", start.elapsed().as_secs_f64(), e.siemens(0, 0));
    }
}
