//! A sum over the window of one frame, such as a channel of a depthwise layer.
//!
//! The frame is copied into a plane with its padding around it, where each tap stands at a fixed distance from the
//! window's corner.

use super::draws::{Draw, Draws, Positions};
use super::finish::{Finish, Fold};
use super::lanes::{LANES, Lanes};
use super::source::{Pool, Source};
use super::sums::{Segment, Shape, Sum, Term};
use memloom_ir::FrameStore;
use pulp::{Simd, WithSimd};

/// Read ticks that are summed up side by side.
const BLOCK: usize = 8;

/// Such sums, all with the same window.
pub(super) struct Window {
    store: FrameStore,
    /// The value of the padding.
    padding: f32,
    channels: Vec<Channel>,
    shape: Option<Shape>,
    /// Place in the plane of the window's corner, by read tick.
    corners: Vec<usize>,
}

struct Channel {
    frame: Source,
    /// First cell of the result.
    output: usize,
    parts: Vec<Part>,
    offset: f32,
    finish: Finish,
}

/// A segment of a sum.
struct Part {
    taps: Vec<Tap>,
    fold: Fold,
    noise: Option<Draw>,
}

struct Tap {
    /// Distance from the window's corner.
    distance: usize,
    coefficient: f32,
    square: f32,
}

impl Window {
    pub(super) fn new(store: FrameStore, padding: f64, shape: Option<Shape>) -> Self {
        let width = plane_width(&store);
        let corner = |tick: u32| {
            let (y, x) = (tick / store.out_width(), tick % store.out_width());
            (y * store.stride) as usize * width + (x * store.stride) as usize
        };
        let corners = (0..store.read_ticks()).map(corner).collect();
        Self { store, padding: padding as f32, channels: Vec::new(), shape, corners }
    }

    pub(super) fn matches(&self, store: FrameStore, padding: f64, shape: Option<Shape>) -> bool {
        (self.store, self.padding, self.shape) == (store, padding as f32, shape)
    }

    /// Adds a sum over the taps `tap(input)` of `frame`.
    /// Its noise draws the numbers at `positions`.
    pub(super) fn push(
        &mut self,
        frame: Source,
        output: usize,
        sum: &Sum,
        tap: impl Fn(&Term) -> u32,
        positions: Positions,
    ) {
        let width = plane_width(&self.store);
        let place = |term: &Term| {
            let tap = tap(term);
            let (y, x) = (tap / self.store.kernel_width, tap % self.store.kernel_width);
            Tap {
                distance: y as usize * width + x as usize,
                coefficient: term.coefficient as f32,
                square: term.square as f32,
            }
        };
        let part = |segment: &Segment| Part {
            taps: segment.terms.iter().map(place).collect(),
            fold: Fold::new(segment),
            noise: segment.noise.map(|noise| positions.draw(noise)),
        };
        let parts = sum.segments.iter().map(part).collect();
        self.channels.push(Channel {
            frame,
            output,
            parts,
            offset: sum.offset as f32,
            finish: Finish::new(sum),
        });
    }

    /// Computes all read ticks of each channel; `plane` is scratch.
    pub(super) fn run<S: Simd>(
        &self,
        simd: S,
        pool: &Pool,
        out: &mut [f32],
        plane: &mut Lanes,
        draws: &Draws,
    ) {
        let (width, height) = (plane_width(&self.store), plane_height(&self.store));
        plane.reserve(width * height);
        let plane = &mut plane.get_mut()[..width * height * LANES];
        plane.fill(self.padding);
        for channel in &self.channels {
            fill(&self.store, pool.cells(channel.frame), plane);
            simd.vectorize(Run { window: self, channel, plane, out, draws });
        }
    }
}

fn plane_width(store: &FrameStore) -> usize {
    (store.width + 2 * store.padding) as usize
}

fn plane_height(store: &FrameStore) -> usize {
    (store.height + 2 * store.padding) as usize
}

/// Copies a frame into the middle of the plane.
fn fill(store: &FrameStore, frame: &[f32], plane: &mut [f32]) {
    let (row, width) = (store.width as usize * LANES, plane_width(store) * LANES);
    let padding = store.padding as usize;
    let rows = plane.chunks_exact_mut(width).skip(padding).take(store.height as usize);
    rows.zip(frame.chunks_exact(row))
        .for_each(|(to, from)| to[padding * LANES..][..row].copy_from_slice(from));
}

struct Run<'a> {
    window: &'a Window,
    channel: &'a Channel,
    plane: &'a [f32],
    out: &'a mut [f32],
    draws: &'a Draws,
}

impl WithSimd for Run<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { window, channel, plane, out, draws } = self;
        let per_cell = LANES / S::F32_LANES;
        let plane = S::as_simd_f32s(plane).0;
        let out = &mut S::as_mut_simd_f32s(out).0[channel.output * per_cell..];
        let (blocks, rest) = window.corners.as_chunks::<BLOCK>();
        for (block, corners) in blocks.iter().enumerate() {
            for part in 0..per_cell {
                let sums = kernel(simd, channel, (block * BLOCK, corners), plane, part, draws);
                for k in 0..BLOCK {
                    out[(block * BLOCK + k) * per_cell + part] =
                        channel.finish.apply(simd, window.shape, sums[k]);
                }
            }
        }
        let first = blocks.len() * BLOCK;
        for (tick, corner) in rest.iter().enumerate() {
            for part in 0..per_cell {
                let [sum] = kernel(simd, channel, (first + tick, &[*corner]), plane, part, draws);
                out[(first + tick) * per_cell + part] = channel.finish.apply(simd, window.shape, sum);
            }
        }
    }
}

/// The sums of `N` ticks from `tick` on.
#[inline(always)]
fn kernel<S: Simd, const N: usize>(
    simd: S,
    channel: &Channel,
    (tick, corners): (usize, &[usize; N]),
    plane: &[S::f32s],
    vector: usize,
    draws: &Draws,
) -> [S::f32s; N] {
    let per_cell = LANES / S::F32_LANES;
    let at = |k: usize, tap: &Tap| (corners[k] + tap.distance) * per_cell + vector;
    let mut total = [simd.splat_f32s(channel.offset); N];
    let mut group = [simd.splat_f32s(0.0); N];
    for part in &channel.parts {
        let mut sum = [simd.splat_f32s(part.fold.offset); N];
        for tap in &part.taps {
            let coefficient = simd.splat_f32s(tap.coefficient);
            for k in 0..N {
                sum[k] = simd.mul_add_f32s(coefficient, plane[at(k, tap)], sum[k]);
            }
        }
        if let Some(draw) = &part.noise {
            let mut variance = None;
            for tap in part.taps.iter().filter(|tap| tap.square != 0.0) {
                let variance = variance.get_or_insert([simd.splat_f32s(0.0); N]);
                let square = simd.splat_f32s(tap.square);
                for k in 0..N {
                    let x = plane[at(k, tap)];
                    variance[k] = simd.mul_add_f32s(simd.mul_f32s(x, x), square, variance[k]);
                }
            }
            sum = draws.perturb(simd, draw, (sum, variance), tick, vector);
        }
        for k in 0..N {
            part.fold.add(simd, sum[k], &mut group[k], &mut total[k]);
        }
    }
    total
}
