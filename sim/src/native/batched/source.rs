//! Where values stand: rows of cells in a few buffers that layers take turns in.

use super::lanes::{LANES, Lanes};

/// A row of values: cell `first + tick * step` of a buffer, each cell [`LANES`] images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) buffer: usize,
    pub(super) first: usize,
    /// 1, or 0 for a value that is held.
    pub(super) step: usize,
}

/// The buffers of one thread.
#[derive(Default)]
pub(super) struct Pool {
    buffers: Vec<Lanes>,
}

impl Pool {
    /// Makes buffers of at least these many cells.
    pub(super) fn reserve(&mut self, cells: &[usize]) {
        self.buffers.resize_with(cells.len().max(self.buffers.len()), Lanes::default);
        self.buffers.iter_mut().zip(cells).for_each(|(buffer, cells)| buffer.reserve(*cells));
    }

    /// The values from a source's first cell on.
    #[inline(always)]
    pub(super) fn cells(&self, source: Source) -> &[f32] {
        &self.buffers[source.buffer].get()[source.first * LANES..]
    }

    /// Copies a source, cell by cell, to `to`.
    #[inline(always)]
    pub(super) fn copy(&self, source: Source, to: &mut [f32]) {
        let from = self.cells(source);
        for (tick, cell) in to.chunks_exact_mut(LANES).enumerate() {
            cell.copy_from_slice(&from[tick * source.step * LANES..][..LANES]);
        }
    }

    /// A buffer to write to; until it is put back, no source may stand in it.
    pub(super) fn take(&mut self, buffer: usize) -> Lanes {
        std::mem::take(&mut self.buffers[buffer])
    }

    pub(super) fn put(&mut self, buffer: usize, lanes: Lanes) {
        self.buffers[buffer] = lanes;
    }
}

/// Cells from the start of one row to the next: odd, so that equal places of many rows do not fall on the same lines
/// of a cache.
pub(super) fn stride(ticks: usize) -> usize {
    ticks | 1
}

/// Gives buffers to those that need one for a while.
#[derive(Default)]
pub(super) struct Leases {
    /// Cells of each buffer.
    pub(super) cells: Vec<usize>,
    free: Vec<usize>,
}

impl Leases {
    /// A buffer of at least `cells` cells: the one given back last that is large enough, else the largest.
    pub(super) fn lease(&mut self, cells: usize) -> usize {
        let fits = self.free.iter().rposition(|buffer| self.cells[*buffer] >= cells);
        let largest = || (0..self.free.len()).max_by_key(|at| self.cells[self.free[*at]]);
        match fits.or_else(largest) {
            Some(at) => {
                let buffer = self.free.remove(at);
                self.cells[buffer] = self.cells[buffer].max(cells);
                buffer
            }
            None => {
                self.cells.push(cells);
                self.cells.len() - 1
            }
        }
    }

    pub(super) fn give_back(&mut self, buffer: usize) {
        self.free.push(buffer);
    }
}
