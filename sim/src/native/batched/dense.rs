//! A block of sums over the same inputs: a matrix product with limits on its partial sums.
//!
//! The kernel holds `PANEL` outputs by one or two vectors of lanes in registers and runs through all inputs, so that
//! a partial sum is limited where it stands. Coefficients are packed panel by panel, `[input][output]`.

use super::draws::{Draw, Draws, Positions};
use super::finish::{Finish, Fold};
use super::lanes::LANES;
use super::source::{Pool, Source};
use super::sums::{Shape, Sum};
use pulp::{Simd, WithSimd};
use std::ops::Range;

/// Outputs that are summed up side by side.
const PANEL: usize = 8;

/// The matrix.
pub(super) struct Dense {
    /// Where each input stands; segment by segment.
    inputs: Vec<Source>,
    /// The inputs of each segment.
    segments: Vec<Range<usize>>,
    panels: Vec<Panel>,
    shape: Option<Shape>,
    /// Whether each sum is one segment without limits of its own: it starts from its offsets then.
    plain: bool,
}

/// `PANEL` outputs, or as many as are left; the rest are idle.
struct Panel {
    /// First cell of each output.
    outputs: Vec<usize>,
    /// `[input][output]`.
    weights: Vec<[f32; PANEL]>,
    /// `[segment][output]`.
    folds: Vec<[Fold; PANEL]>,
    offset: [f32; PANEL],
    finish: [Finish; PANEL],
    /// Of sums with noise.
    noise: Option<PanelNoise>,
}

/// The noise of a panel's partial sums.
struct PanelNoise {
    /// `[input][output]`: factors of the squares in the variance; none where no input adds to it.
    squares: Option<Vec<[f32; PANEL]>>,
    /// `[segment][output]`.
    draws: Vec<[Draw; PANEL]>,
}

impl Dense {
    /// The sums of `outputs`, each with the first cell of its result. All have the same number of segments and the
    /// same activation; `inputs` holds the inputs of each segment, ascending, `at` says where an input stands, `positions`
    /// where the numbers of its noise do.
    pub(super) fn new(
        outputs: &[(usize, &Sum)],
        inputs: &[Vec<u32>],
        at: impl Fn(u32) -> Source,
        positions: Positions,
    ) -> Self {
        let mut first = 0;
        let mut segments = Vec::with_capacity(inputs.len());
        for of_segment in inputs {
            segments.push(first..first + of_segment.len());
            first += of_segment.len();
        }
        let noisy = outputs.iter().any(|(_, sum)| sum.segments.iter().any(|segment| segment.noise.is_some()));
        let plain = !noisy && outputs.iter().all(|(_, sum)| sum.is_plain());
        let panels =
            outputs.chunks(PANEL).map(|outputs| Panel::new(outputs, inputs, positions, plain)).collect();
        let shape = outputs[0].1.post.map(|post| post.shape);
        let inputs = inputs.iter().flatten().map(|input| at(*input)).collect();
        Self { inputs, segments, panels, shape, plain }
    }

    /// Computes `cells` cells of each output.
    pub(super) fn run<S: Simd>(&self, simd: S, pool: &Pool, out: &mut [f32], cells: usize, draws: &Draws) {
        simd.vectorize(Run { dense: self, pool, out, cells, draws });
    }
}

impl Panel {
    fn new(outputs: &[(usize, &Sum)], inputs: &[Vec<u32>], positions: Positions, plain: bool) -> Self {
        let mut panel = Self {
            outputs: outputs.iter().map(|(first, _)| *first).collect(),
            weights: Vec::with_capacity(inputs.iter().map(Vec::len).sum()),
            folds: vec![[Fold::default(); PANEL]; inputs.len()],
            offset: [0.0; PANEL],
            finish: [Finish::default(); PANEL],
            noise: PanelNoise::new(outputs, inputs, positions),
        };
        for (segment, of_segment) in inputs.iter().enumerate() {
            let first = panel.weights.len();
            panel.weights.resize(first + of_segment.len(), [0.0; PANEL]);
            for (k, (_, sum)) in outputs.iter().enumerate() {
                let part = &sum.segments[segment];
                panel.folds[segment][k] = Fold::new(part);
                for term in &part.terms {
                    let at = of_segment.binary_search(&term.input).expect("an input of the segment");
                    panel.weights[first + at][k] = term.coefficient as f32;
                }
            }
        }
        for (k, (_, sum)) in outputs.iter().enumerate() {
            let first = if plain { sum.segments[0].offset } else { 0.0 };
            panel.offset[k] = (sum.offset + first) as f32;
            panel.finish[k] = Finish::new(sum);
        }
        panel
    }
}

impl PanelNoise {
    fn new(outputs: &[(usize, &Sum)], inputs: &[Vec<u32>], positions: Positions) -> Option<Self> {
        let mut squares = Vec::with_capacity(inputs.iter().map(Vec::len).sum());
        let mut draws = vec![[Draw::default(); PANEL]; inputs.len()];
        let mut noisy = false;
        for (segment, of_segment) in inputs.iter().enumerate() {
            let first = squares.len();
            squares.resize(first + of_segment.len(), [0.0; PANEL]);
            for (k, (_, sum)) in outputs.iter().enumerate() {
                let Some(noise) = sum.segments[segment].noise else { continue };
                noisy = true;
                draws[segment][k] = positions.draw(noise);
                for term in &sum.segments[segment].terms {
                    let at = of_segment.binary_search(&term.input).expect("an input of the segment");
                    squares[first + at][k] = term.square as f32;
                }
            }
        }
        let squares = squares.iter().flatten().any(|square| *square != 0.0).then_some(squares);
        noisy.then_some(Self { squares, draws })
    }

    /// The partial sums `sum` of a segment with the inputs `range`, with their noise, at vector `at`.
    #[inline(always)]
    fn add<S: Simd, const N: usize>(
        &self,
        simd: S,
        (segment, range): (usize, Range<usize>),
        row: &impl Fn(usize) -> [S::f32s; N],
        sum: [[S::f32s; N]; PANEL],
        (at, draws): (usize, &Draws),
    ) -> [[S::f32s; N]; PANEL] {
        let per_cell = LANES / S::F32_LANES;
        let squared = |input: usize| {
            let mut x = row(input);
            for x in &mut x {
                *x = simd.mul_f32s(*x, *x);
            }
            x
        };
        let none = [[simd.splat_f32s(0.0); N]; PANEL];
        let variance = match &self.squares {
            Some(squares) => Some(product(simd, squares, range, &squared, none)),
            None => None,
        };
        let mut noisy = sum;
        for k in 0..PANEL {
            let draw = &self.draws[segment][k];
            let variance = variance.as_ref().map(|variance| variance[k]);
            noisy[k] = draws.perturb(simd, draw, (sum[k], variance), at / per_cell, at % per_cell);
        }
        noisy
    }
}

struct Run<'a> {
    dense: &'a Dense,
    pool: &'a Pool,
    out: &'a mut [f32],
    cells: usize,
    draws: &'a Draws,
}

impl WithSimd for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { dense, pool, out, cells, draws } = self;
        let per_cell = LANES / S::F32_LANES;
        let out = S::as_mut_simd_f32s(out).0;
        let mut rows: Vec<&[S::f32s]> = Vec::with_capacity(dense.inputs.len());
        for input in &dense.inputs {
            let row = &pool.cells(*input)[..if input.step == 0 { LANES } else { cells * LANES }];
            rows.push(S::as_simd_f32s(row).0);
        }
        let held = dense.inputs.iter().any(|input| input.step == 0) && cells > 1;
        let vectors = cells * per_cell;
        let mut at = 0;
        if held {
            // A held input among ticking ones is rare enough to be looked up vector by vector.
            while at < vectors {
                let row = |k: usize| {
                    if dense.inputs[k].step == 0 { [rows[k][at % per_cell]] } else { [rows[k][at]] }
                };
                all::<S, 1>(simd, dense, row, out, at, draws);
                at += 1;
            }
            return;
        }
        if S::F32_LANES == LANES {
            while at + 2 <= vectors {
                let row = |k: usize| [rows[k][at], rows[k][at + 1]];
                all::<S, 2>(simd, dense, row, out, at, draws);
                at += 2;
            }
        }
        while at < vectors {
            let row = |k: usize| [rows[k][at]];
            all::<S, 1>(simd, dense, row, out, at, draws);
            at += 1;
        }
    }
}

/// All panels for the `N` vectors at `at`: those of one tick, or of neighbouring ones where a tick is one vector.
#[inline(always)]
fn all<S: Simd, const N: usize>(
    simd: S,
    dense: &Dense,
    row: impl Fn(usize) -> [S::f32s; N],
    out: &mut [S::f32s],
    at: usize,
    draws: &Draws,
) {
    let per_cell = LANES / S::F32_LANES;
    for panel in &dense.panels {
        let sums = kernel(simd, dense, panel, &row, (at, draws));
        for (k, first) in panel.outputs.iter().enumerate() {
            let out = &mut out[first * per_cell + at..][..N];
            for n in 0..N {
                out[n] = panel.finish[k].apply(simd, dense.shape, sums[k][n]);
            }
        }
    }
}

#[inline(always)]
fn kernel<S: Simd, const N: usize>(
    simd: S,
    dense: &Dense,
    panel: &Panel,
    row: &impl Fn(usize) -> [S::f32s; N],
    (at, draws): (usize, &Draws),
) -> [[S::f32s; N]; PANEL] {
    let mut total = start(simd, |k| panel.offset[k]);
    if dense.plain {
        return product(simd, &panel.weights, 0..panel.weights.len(), row, total);
    }
    let mut group = [[simd.splat_f32s(0.0); N]; PANEL];
    for (segment, range) in dense.segments.iter().enumerate() {
        let folds = &panel.folds[segment];
        let offsets = start(simd, |k| folds[k].offset);
        let mut sum = product(simd, &panel.weights, range.clone(), row, offsets);
        if let Some(noise) = &panel.noise {
            sum = noise.add(simd, (segment, range.clone()), row, sum, (at, draws));
        }
        for k in 0..PANEL {
            for n in 0..N {
                folds[k].add(simd, sum[k][n], &mut group[k][n], &mut total[k][n]);
            }
        }
    }
    total
}

/// What sums start from. (Arrays' own `map` is not inlined, and so compiled for any processor.)
#[inline(always)]
fn start<S: Simd, const N: usize>(simd: S, of: impl Fn(usize) -> f32) -> [[S::f32s; N]; PANEL] {
    let mut sums = [[simd.splat_f32s(0.0); N]; PANEL];
    for (k, sum) in sums.iter_mut().enumerate() {
        *sum = [simd.splat_f32s(of(k)); N];
    }
    sums
}

/// Adds the products of the inputs `range` to `sum`.
#[inline(always)]
fn product<S: Simd, const N: usize>(
    simd: S,
    weights: &[[f32; PANEL]],
    range: Range<usize>,
    row: &impl Fn(usize) -> [S::f32s; N],
    mut sum: [[S::f32s; N]; PANEL],
) -> [[S::f32s; N]; PANEL] {
    for (input, weights) in range.clone().zip(&weights[range]) {
        let x = row(input);
        for k in 0..PANEL {
            let weight = simd.splat_f32s(weights[k]);
            for n in 0..N {
                sum[k][n] = simd.mul_add_f32s(weight, x[n], sum[k][n]);
            }
        }
    }
    sum
}
