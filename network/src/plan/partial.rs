//! How large one tile's share of a sum can get.

use super::Grid;
use crate::stage::Matrix;

/// The largest sum that one tile of `matrix` can be asked for, with inputs up to `input` in magnitude.
pub(super) fn largest_partial(matrix: &Matrix, grid: &Grid, input: f64) -> f64 {
    let taps = matrix.taps();
    let mut largest = 0.0f64;
    for out in 0..matrix.out {
        let row = matrix.row(out);
        for range in &grid.inputs {
            let weights: f64 = row[range.start.min(taps)..range.end.min(taps)].iter().map(|w| w.abs()).sum();
            let bias = if range.end > taps { matrix.bias[out].abs() } else { 0.0 };
            largest = largest.max(weights * input + bias);
        }
    }
    largest
}
