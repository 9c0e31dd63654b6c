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

fn cpu() -> f64 {
    let s = std::fs::read_to_string("/proc/self/stat").unwrap();
    let f: Vec<&str> = s.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}

fn main() {
    for (lo, hi) in [(1e5, 1e6), (1e3, 1e4), (1e3,1e3), (1.0, 10.0)] {
    for n in [32, 64, 128, 256, 512, 1024] {
        let tile = tile(n, lo, hi);
        let start = Instant::now(); let c = cpu();
        let e = tile.effective().unwrap();
        let v: Vec<f64> = (0..n).map(|k| 0.5 * k as f64 / n as f64).collect();
        let want = e.apply(&v).unwrap();
        print!("{lo:e} {n}: {:.4} s {:.2} cpu", start.elapsed().as_secs_f64(), cpu() - c);
        let start = Instant::now(); let c = cpu();
        let p = tile.solve(&v).unwrap();
        print!("   {:.4} s {:.2} cpu res {:e}", start.elapsed().as_secs_f64(), cpu() - c, p.residual);
        let got = p.currents(&tile);
        let err = got.iter().zip(&want).map(|(a, b)| ((a - b) / b).abs()).fold(0.0, f64::max);
        println!("  err {err:e}");
    } }
}
