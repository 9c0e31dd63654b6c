//! Rows of normal numbers: what row drivers add to the values that they carry.

use super::super::noise::Pair;
use super::draws::Draws;
use super::lanes::LANES;
use super::source::{Pool, Source};
use pulp::{Simd, WithSimd};

/// A row of numbers in the scratch buffer.
pub(super) struct Normals {
    pub(super) onto: Onto,
    /// First cell of the row.
    pub(super) first: usize,
    /// Position of the number of tick 0.
    pub(super) position: u32,
    pub(super) sigma: f32,
}

/// What numbers are added to.
pub(super) enum Onto {
    Constant(f32),
    Row(Source),
    /// What stands there already.
    InPlace,
}

impl Normals {
    /// Fills `ticks` cells of `rows`.
    pub(super) fn run<S: Simd>(&self, simd: S, pool: &Pool, rows: &mut [f32], ticks: usize, draws: &Draws) {
        let rows = &mut rows[self.first * LANES..][..ticks * LANES];
        match &self.onto {
            Onto::Constant(value) => rows.fill(*value),
            Onto::InPlace => {}
            Onto::Row(source) => pool.copy(*source, rows),
        }
        add(simd, rows, (self.position, self.sigma), draws);
    }
}

/// Adds `sigma` times a normal number to each value of `cells`, those of `position` on.
#[inline(always)]
pub(super) fn add<S: Simd>(simd: S, cells: &mut [f32], (position, sigma): (u32, f32), draws: &Draws) {
    simd.vectorize(Add { cells, position, sigma, draws });
}

struct Add<'a> {
    cells: &'a mut [f32],
    position: u32,
    sigma: f32,
    draws: &'a Draws,
}

impl WithSimd for Add<'_> {
    type Output = ();

    // The loops vectorise by themselves.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { cells, position, sigma, draws } = self;
        let ticks = cells.len() / LANES;
        // Of a pair of numbers, the first is that of an even position.
        let mut tick = 0;
        while tick < ticks {
            let at = position.wrapping_add(tick as u32);
            let (even, odd) = pair(draws, at / 2, sigma);
            if at.is_multiple_of(2) {
                put(&mut cells[tick * LANES..], &even);
                tick += 1;
            }
            if tick < ticks && !position.wrapping_add(tick as u32).is_multiple_of(2) {
                put(&mut cells[tick * LANES..], &odd);
                tick += 1;
            }
        }
    }
}

/// The two numbers of pair `number` for each image, times `sigma`.
#[inline(always)]
fn pair(draws: &Draws, number: u32, sigma: f32) -> ([f32; LANES], [f32; LANES]) {
    let (mut even, mut odd) = ([0.0; LANES], [0.0; LANES]);
    for ((even, odd), image) in even.iter_mut().zip(&mut odd).zip(&draws.images) {
        let Pair { square, cosine, sine } = Pair::draw(draws.seed, *image, number);
        let radius = sigma * square.sqrt();
        (*even, *odd) = (radius * cosine, radius * sine);
    }
    (even, odd)
}

#[inline(always)]
fn put(cell: &mut [f32], noise: &[f32; LANES]) {
    cell[..LANES].iter_mut().zip(noise).for_each(|(value, noise)| *value += noise);
}
