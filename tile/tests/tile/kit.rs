//! Tiles for tests, from seeds.

use memloom_tile::{Lines, Tile};

/// A deterministic stream of numbers in 0..1.
pub(crate) fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Conductances of cells whose resistance is log-uniform from `low` to `high` ohm; then one voltage per row, 0 to
/// 0.5 V. `benches/peer.py` makes the same.
pub(crate) fn seeded(rows: usize, cols: usize, seed: u64, low: f64, high: f64) -> (Vec<f64>, Vec<f64>) {
    let mut next = numbers(seed);
    let g = (0..rows * cols).map(|_| (low * (high / low).powf(next())).recip()).collect();
    (g, (0..rows).map(|_| 0.5 * next()).collect())
}

/// A tile of `n x n` with 1 ohm segments, and row voltages.
pub(crate) fn square(n: usize, seed: u64, low: f64, high: f64) -> (Tile, Vec<f64>) {
    let (g, volts) = seeded(n, n, seed, low, high);
    (Tile::new(n, n, g, &wires(1.0)).unwrap(), volts)
}

/// Segments of `ohms` on both kinds of lines.
pub(crate) fn wires(ohms: f64) -> Lines {
    Lines { wordline: ohms, bitline: ohms, ..Lines::default() }
}

/// Largest difference over the largest magnitude of `want`.
pub(crate) fn of_span(got: &[f64], want: &[f64]) -> f64 {
    assert_eq!(got.len(), want.len());
    let span = want.iter().fold(f64::MIN_POSITIVE, |most: f64, v| most.max(v.abs()));
    let apart = got.iter().zip(want).map(|(a, b)| (a - b).abs());
    apart.fold(0.0, |most: f64, d| if d.is_nan() { d } else { most.max(d) }) / span
}

/// Solves the dense system `a x = b`.
pub(crate) fn gauss_jordan(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let size = b.len();
    for k in 0..size {
        let pivot = (k..size).max_by(|p, q| a[*p][k].abs().total_cmp(&a[*q][k].abs())).unwrap();
        a.swap(k, pivot);
        b.swap(k, pivot);
        let (top, right) = (a[k].clone(), b[k]);
        for row in (0..size).filter(|row| *row != k) {
            let factor = a[row][k] / top[k];
            if factor != 0.0 {
                a[row][k..].iter_mut().zip(&top[k..]).for_each(|(x, t)| *x -= factor * t);
                b[row] -= factor * right;
            }
        }
    }
    (0..size).map(|k| b[k] / a[k][k]).collect()
}
