//! What frame memories hold: what was written to them, and the noise of the moment in which their switches opened.

use super::draws::Draws;
use super::lanes::LANES;
use super::machine::Machine;
use super::normals::add;
use super::source::{Pool, Source};
use pulp::Simd;

/// Frame memories that are written at once, into one buffer.
pub(super) struct Hold {
    buffer: usize,
    cells: Vec<Cells>,
    /// Deviation of a held value, volts.
    sigma: f32,
}

/// The cells of one channel.
pub(super) struct Cells {
    pub(super) from: From,
    pub(super) pixels: usize,
    /// First of them in the buffer.
    pub(super) first: usize,
    /// Position of the first pixel's number.
    pub(super) position: u32,
}

/// What is written.
#[derive(Clone, Copy)]
pub(super) enum From {
    Row(Source),
    Constant(f32),
    /// What has no row: a window of another memory.
    Wire(u32),
}

impl Hold {
    pub(super) fn new(buffer: usize, cells: Vec<Cells>, sigma: f64) -> Self {
        Self { buffer, cells, sigma: sigma as f32 }
    }

    /// Writes all of them.
    pub(super) fn run<S: Simd>(&self, simd: S, machine: &Machine<'_, '_>, pool: &mut Pool, draws: &Draws) {
        let mut lanes = pool.take(self.buffer);
        let out = lanes.get_mut();
        for cells in &self.cells {
            let to = &mut out[cells.first * LANES..][..cells.pixels * LANES];
            match &cells.from {
                From::Wire(wire) => machine.copy(pool, *wire, to),
                From::Constant(value) => to.fill(*value),
                From::Row(source) => pool.copy(*source, to),
            }
            add(simd, to, (cells.position, self.sigma), draws);
        }
        pool.put(self.buffer, lanes);
    }
}
