//! Sums of few terms, and products of two values: element by element.

use super::draws::{Draw, Draws, Positions};
use super::finish::{Finish, Fold, clamp};
use super::lanes::LANES;
use super::source::{Pool, Source};
use super::sums::{Product, Segment, Shape, Sum};
use pulp::{Simd, WithSimd};

/// A sum with inputs of its own.
pub(super) struct Sparse {
    segments: Vec<Part>,
    /// First cell of the result.
    output: usize,
    offset: f32,
    shape: Option<Shape>,
    finish: Finish,
}

struct Part {
    /// Where an input stands, its coefficient and the factor of its square in the noise's variance.
    terms: Vec<(Source, f32, f32)>,
    fold: Fold,
    noise: Option<Draw>,
}

impl Sparse {
    /// `sum`, its result from cell `output` on; `at` says where an input stands, `positions` where the numbers of its
    /// noise do.
    pub(super) fn new(sum: &Sum, output: usize, at: impl Fn(u32) -> Source, positions: Positions) -> Self {
        let part = |segment: &Segment| Part {
            terms: segment
                .terms
                .iter()
                .map(|term| (at(term.input), term.coefficient as f32, term.square as f32))
                .collect(),
            fold: Fold::new(segment),
            noise: segment.noise.map(|noise| positions.draw(noise)),
        };
        Self {
            segments: sum.segments.iter().map(part).collect(),
            output,
            offset: sum.offset as f32,
            shape: sum.post.map(|post| post.shape),
            finish: Finish::new(sum),
        }
    }

    /// Computes `cells` cells.
    pub(super) fn run<S: Simd>(&self, simd: S, pool: &Pool, out: &mut [f32], cells: usize, draws: &Draws) {
        simd.vectorize(RunSparse { sparse: self, pool, out, cells, draws });
    }
}

struct RunSparse<'a> {
    sparse: &'a Sparse,
    pool: &'a Pool,
    out: &'a mut [f32],
    cells: usize,
    draws: &'a Draws,
}

/// Cells that are summed up side by side.
const BLOCK: usize = 4;

impl WithSimd for RunSparse<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { sparse, pool, out, cells, draws } = self;
        let per_cell = LANES / S::F32_LANES;
        let out = &mut S::as_mut_simd_f32s(out).0[sparse.output * per_cell..];
        for part in 0..per_cell {
            let mut tick = 0;
            while tick + BLOCK <= cells {
                let sums: [_; BLOCK] = sum(simd, sparse, pool, tick, part, draws);
                for k in 0..BLOCK {
                    out[(tick + k) * per_cell + part] = sparse.finish.apply(simd, sparse.shape, sums[k]);
                }
                tick += BLOCK;
            }
            while tick < cells {
                let [sum] = sum(simd, sparse, pool, tick, part, draws);
                out[tick * per_cell + part] = sparse.finish.apply(simd, sparse.shape, sum);
                tick += 1;
            }
        }
    }
}

#[inline(always)]
fn sum<S: Simd, const N: usize>(
    simd: S,
    sparse: &Sparse,
    pool: &Pool,
    tick: usize,
    part: usize,
    draws: &Draws,
) -> [S::f32s; N] {
    let per_cell = LANES / S::F32_LANES;
    let mut total = [simd.splat_f32s(sparse.offset); N];
    let mut group = [simd.splat_f32s(0.0); N];
    for segment in &sparse.segments {
        let mut sum = [simd.splat_f32s(segment.fold.offset); N];
        for (source, coefficient, _) in &segment.terms {
            let row = S::as_simd_f32s(pool.cells(*source)).0;
            let coefficient = simd.splat_f32s(*coefficient);
            for k in 0..N {
                let x = row[(tick + k) * source.step * per_cell + part];
                sum[k] = simd.mul_add_f32s(coefficient, x, sum[k]);
            }
        }
        if let Some(draw) = &segment.noise {
            let mut variance = None;
            for (source, _, square) in segment.terms.iter().filter(|(.., square)| *square != 0.0) {
                let variance = variance.get_or_insert([simd.splat_f32s(0.0); N]);
                let row = S::as_simd_f32s(pool.cells(*source)).0;
                let square = simd.splat_f32s(*square);
                for k in 0..N {
                    let x = row[(tick + k) * source.step * per_cell + part];
                    variance[k] = simd.mul_add_f32s(simd.mul_f32s(x, x), square, variance[k]);
                }
            }
            sum = draws.perturb(simd, draw, (sum, variance), tick, part);
        }
        for k in 0..N {
            segment.fold.add(simd, sum[k], &mut group[k], &mut total[k]);
        }
    }
    total
}

/// Products of two values.
pub(super) struct Products {
    pub(super) of: Vec<Factors>,
}

/// One product.
pub(super) struct Factors {
    pub(super) a: Source,
    pub(super) b: Source,
    /// First cell of the result.
    pub(super) output: usize,
    pub(super) product: Product,
}

impl Products {
    /// Computes `cells` cells of each.
    pub(super) fn run<S: Simd>(&self, simd: S, pool: &Pool, out: &mut [f32], cells: usize) {
        simd.vectorize(RunProducts { products: self, pool, out, cells });
    }
}

struct RunProducts<'a> {
    products: &'a Products,
    pool: &'a Pool,
    out: &'a mut [f32],
    cells: usize,
}

impl WithSimd for RunProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { products, pool, out, cells } = self;
        let per_cell = LANES / S::F32_LANES;
        let out = S::as_mut_simd_f32s(out).0;
        for Factors { a, b, output, product } in &products.of {
            let row = |source: &Source| S::as_simd_f32s(pool.cells(*source)).0;
            let (row_a, row_b) = (row(a), row(b));
            let out = &mut out[output * per_cell..][..cells * per_cell];
            let (center, gain) = (product.center as f32, product.gain as f32);
            let limit = (product.limit.0 as f32, product.limit.1 as f32);
            let (center, gain) = (simd.splat_f32s(center), simd.splat_f32s(gain));
            let shift = simd.splat_f32s(product.shift as f32);
            for tick in 0..cells {
                for part in 0..per_cell {
                    let x = simd.sub_f32s(row_a[tick * a.step * per_cell + part], center);
                    let y = simd.sub_f32s(row_b[tick * b.step * per_cell + part], center);
                    let product = simd.mul_add_f32s(simd.mul_f32s(x, gain), y, shift);
                    out[tick * per_cell + part] = clamp(simd, product, limit);
                }
            }
        }
    }
}
