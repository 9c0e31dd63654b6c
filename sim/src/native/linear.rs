//! Solves `A x = b` for a few right sides: dense for small systems, sparse LU for large ones.

use rsparse::data::{Nmrc, Sprs};
use rsparse::{lsolve, lu, sqr, usolve};

/// Largest system solved densely.
const DENSE: usize = 192;
/// A pivot this small, of a matrix with rows of order 1, is rounding error.
const TINY: f64 = 1e-14;

/// The minimum degree order of an LU, by its number in [`rsparse`].
const ORDER: i8 = 1;

/// A square matrix, factored.
pub(super) enum Factored {
    Dense(Dense),
    Sparse(Box<Sparse>),
}

impl Factored {
    /// Factors the matrix with `entries` `(row, col, value)`, of which repeated ones add up and rows, or columns, are of
    /// order 1. `None` if it is singular.
    pub(super) fn new(size: usize, entries: impl Iterator<Item = (u32, u32, f64)>) -> Option<Self> {
        if size <= DENSE {
            return Dense::new(size, entries).map(Self::Dense);
        }
        Sparse::new(size, entries.collect()).map(|factors| Self::Sparse(Box::new(factors)))
    }

    /// The transpose of such a matrix.
    pub(super) fn transposed(size: usize, entries: &[(u32, u32, f64)]) -> Option<Self> {
        Self::new(size, entries.iter().map(|(row, col, value)| (*col, *row, *value)))
    }

    /// `x` with `A x = right`. `None` if the matrix is singular.
    pub(super) fn solve(&self, right: &[f64]) -> Option<Vec<f64>> {
        let x: Vec<f64> = match self {
            Self::Dense(dense) => dense.solve(right),
            Self::Sparse(sparse) => sparse.solve(right),
        };
        x.iter().all(|v| v.abs() < TINY.recip()).then_some(x)
    }

    /// `x` with `A x = e_unknown`, of a transpose: row `unknown` of the inverse. `None` if the matrix is singular.
    pub(super) fn solve_unit(&self, size: usize, unknown: usize) -> Option<Vec<f64>> {
        let mut unit = vec![0.0; size];
        unit[unknown] = 1.0;
        self.solve(&unit)
    }
}

/// LU factors with partial pivoting, row by row in one array.
pub(super) struct Dense {
    size: usize,
    lu: Vec<f64>,
    /// The matrix's row at each place.
    order: Vec<usize>,
}

impl Dense {
    fn new(size: usize, entries: impl Iterator<Item = (u32, u32, f64)>) -> Option<Self> {
        let mut lu = vec![0.0; size * size];
        entries.for_each(|(row, col, value)| lu[row as usize * size + col as usize] += value);
        let mut order: Vec<usize> = (0..size).collect();
        for k in 0..size {
            let size_of = |row: &usize| lu[row * size + k].abs();
            let pivot = (k..size).max_by(|a, b| size_of(a).total_cmp(&size_of(b)))?;
            if size_of(&pivot).is_nan() || size_of(&pivot) <= TINY {
                return None;
            }
            if pivot != k {
                order.swap(k, pivot);
                let (upper, lower) = lu.split_at_mut(pivot * size);
                upper[k * size..][..size].swap_with_slice(&mut lower[..size]);
            }
            let (upper, lower) = lu.split_at_mut((k + 1) * size);
            let top = &upper[k * size..];
            for row in lower.chunks_exact_mut(size).filter(|row| row[k] != 0.0) {
                row[k] /= top[k];
                let factor = row[k];
                row[k + 1..].iter_mut().zip(&top[k + 1..]).for_each(|(x, t)| *x -= factor * t);
            }
        }
        Some(Self { size, lu, order })
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let dot = |row: usize, from: usize, to: usize, y: &[f64]| -> f64 {
            self.lu[row * self.size..][from..to].iter().zip(&y[from..to]).map(|(a, b)| a * b).sum()
        };
        let mut y: Vec<f64> = self.order.iter().map(|row| right[*row]).collect();
        for row in 0..self.size {
            y[row] -= dot(row, 0, row, &y);
        }
        for row in (0..self.size).rev() {
            y[row] = (y[row] - dot(row, row + 1, self.size, &y)) / self.lu[row * self.size + row];
        }
        y
    }
}

/// LU factors with partial pivoting, of columns in an order of little fill.
pub(super) struct Sparse {
    factors: Nmrc<f64>,
    /// The matrix's column at each place.
    columns: Vec<isize>,
}

impl Sparse {
    fn new(size: usize, mut entries: Vec<(u32, u32, f64)>) -> Option<Self> {
        entries.sort_unstable_by_key(|(row, col, _)| (*col, *row));
        entries.dedup_by(|next, entry| {
            let same = (next.0, next.1) == (entry.0, entry.1);
            entry.2 += if same { next.2 } else { 0.0 };
            same
        });
        let starts = (0..=size).map(|col| entries.partition_point(|entry| (entry.1 as usize) < col) as isize);
        let matrix = Sprs {
            nzmax: entries.len(),
            m: size,
            n: size,
            p: starts.collect(),
            i: entries.iter().map(|entry| entry.0 as usize).collect(),
            x: entries.iter().map(|entry| entry.2).collect(),
        };
        let mut order = sqr(&matrix, ORDER, false);
        let factors = lu(&matrix, &mut order, 1.0).ok()?;
        Some(Self { factors, columns: order.q.unwrap_or_else(|| (0..size as isize).collect()) })
    }

    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut y = vec![0.0; right.len()];
        let places = self.factors.pinv.iter().flatten();
        places.zip(right).for_each(|(place, b)| y[*place as usize] = *b);
        lsolve(&self.factors.l, &mut y);
        usolve(&self.factors.u, &mut y);
        let mut x = vec![0.0; right.len()];
        self.columns.iter().zip(&y).for_each(|(column, y)| x[*column as usize] = *y);
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A matrix of `size` with pivots off the diagonal, and its transpose's product with `y`.
    fn sample(size: u32) -> Vec<(u32, u32, f64)> {
        let entry = |row: u32| {
            [
                (row, (row + 1) % size, 1.0),
                (row, row, 0.25),
                (row, (row + 3) % size, -0.125 * f64::from(row % 5)),
            ]
        };
        (0..size).flat_map(entry).collect()
    }

    fn check(size: u32) {
        let entries = sample(size);
        let factor = Factored::transposed(size as usize, &entries).unwrap();
        for unknown in [0, size as usize / 2, size as usize - 1] {
            let y = factor.solve_unit(size as usize, unknown).unwrap();
            let mut product = vec![0.0; size as usize];
            entries.iter().for_each(|(row, col, a)| product[*col as usize] += a * y[*row as usize]);
            product[unknown] -= 1.0;
            assert!(product.iter().all(|p| p.abs() < 1e-12), "size {size}, unknown {unknown}");
        }
    }

    #[test]
    fn dense_and_sparse_solve_the_transpose() {
        [4, 7, DENSE as u32, DENSE as u32 + 1, 1000].into_iter().for_each(check);
    }

    #[test]
    fn a_singular_matrix_is_refused() {
        let entries = [(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0), (1, 1, 1.0)];
        assert!(Factored::transposed(2, &entries).is_none());
    }
}
