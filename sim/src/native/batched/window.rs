//! A sum over the window of one frame, such as a channel of a depthwise layer.
//!
//! The frame is copied into a plane with its padding around it, where each tap stands at a fixed distance from the
//! window's corner.

use super::draws::Draws;
use super::finish::Finish;
use super::fuse::{Noise, Shape, Sum, Term};
use super::lanes::{LANES, Lanes};
use super::source::{Pool, Source};
use memloom::ir::FrameStore;
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
    taps: Vec<Tap>,
    offset: f32,
    /// Constant part of the noise's variance, and the position of its first number.
    noise: Option<(f32, u32)>,
    finish: Finish,
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

    /// Adds a sum of one segment without limits, over the taps `tap(input)` of `frame`.
    /// Its noise's first number stands at `position`.
    pub(super) fn push(
        &mut self,
        frame: Source,
        output: usize,
        sum: &Sum,
        tap: impl Fn(&Term) -> u32,
        position: impl Fn(Noise) -> u32,
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
        let segment = &sum.segments[0];
        let taps = segment.terms.iter().map(place).collect();
        let noise = segment.noise.map(|noise| (noise.constant as f32, position(noise)));
        let offset = (sum.offset + segment.offset) as f32;
        self.channels.push(Channel { frame, output, taps, offset, noise, finish: Finish::new(sum) });
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
                let sums = kernel(simd, channel, corners, plane, per_cell, part);
                for k in 0..BLOCK {
                    let tick = block * BLOCK + k;
                    let sum =
                        noisy(simd, channel, (tick, corners[k]), plane, (per_cell, part), draws, sums[k]);
                    out[tick * per_cell + part] = channel.finish.apply(simd, window.shape, sum);
                }
            }
        }
        let first = blocks.len() * BLOCK;
        for (tick, corner) in rest.iter().enumerate() {
            for part in 0..per_cell {
                let [sum] = kernel(simd, channel, &[*corner], plane, per_cell, part);
                let at = (first + tick, *corner);
                let sum = noisy(simd, channel, at, plane, (per_cell, part), draws, sum);
                out[(first + tick) * per_cell + part] = channel.finish.apply(simd, window.shape, sum);
            }
        }
    }
}

#[inline(always)]
fn kernel<S: Simd, const N: usize>(
    simd: S,
    channel: &Channel,
    corners: &[usize; N],
    plane: &[S::f32s],
    per_cell: usize,
    part: usize,
) -> [S::f32s; N] {
    let mut sum = [simd.splat_f32s(channel.offset); N];
    for tap in &channel.taps {
        let coefficient = simd.splat_f32s(tap.coefficient);
        for k in 0..N {
            let x = plane[(corners[k] + tap.distance) * per_cell + part];
            sum[k] = simd.mul_add_f32s(coefficient, x, sum[k]);
        }
    }
    sum
}

/// The sum of one tick with its noise.
#[inline(always)]
fn noisy<S: Simd>(
    simd: S,
    channel: &Channel,
    (tick, corner): (usize, usize),
    plane: &[S::f32s],
    (per_cell, part): (usize, usize),
    draws: &Draws,
    sum: S::f32s,
) -> S::f32s {
    let Some((constant, position)) = channel.noise else { return sum };
    let mut variance = simd.splat_f32s(constant);
    for tap in &channel.taps {
        let x = plane[(corner + tap.distance) * per_cell + part];
        variance = simd.mul_add_f32s(simd.mul_f32s(x, x), simd.splat_f32s(tap.square), variance);
    }
    draws.perturb(simd, sum, variance, position.wrapping_add(tick as u32), part)
}
