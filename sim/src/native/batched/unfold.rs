//! A tap of a moving window as a row of values.

use super::lanes::LANES;
use super::layer::Tap;
use super::source::{Pool, Source};

/// Copies one tap.
pub(super) struct Unfold {
    frame: Source,
    /// First cell of the row.
    first: usize,
    padding: f32,
    /// Cells that follow each other in frame and row: first pixel, or none on the padding, and how many.
    runs: Vec<(Option<usize>, usize)>,
}

impl Unfold {
    pub(super) fn new(tap: Tap, first: usize) -> Self {
        let mut runs: Vec<(Option<usize>, usize)> = Vec::new();
        for tick in 0..tap.store.read_ticks() {
            let pixel = tap.store.pixel(tick, tap.tap).map(|pixel| pixel as usize * tap.frame.step);
            match runs.last_mut() {
                Some((None, cells)) if pixel.is_none() => *cells += 1,
                Some((Some(start), cells)) if pixel == Some(*start + *cells) => *cells += 1,
                _ => runs.push((pixel, 1)),
            }
        }
        Self { frame: tap.frame, first, padding: tap.padding as f32, runs }
    }

    pub(super) fn run(&self, pool: &Pool, rows: &mut [f32]) {
        let frame = pool.cells(self.frame);
        let mut at = self.first * LANES;
        for (pixel, cells) in &self.runs {
            let to = &mut rows[at..at + cells * LANES];
            match pixel {
                Some(pixel) => to.copy_from_slice(&frame[pixel * LANES..][..to.len()]),
                None => to.fill(self.padding),
            }
            at += cells * LANES;
        }
    }
}
