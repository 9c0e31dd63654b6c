//! One chip of all that could be made of a design: what is not ideal about its parts.
//!
//! [`NonIdealities`] says how parts deviate; a [`Chip`] is one draw of them. Every part is drawn by its place in the
//! hierarchy (`top.layer.tile.xbar`, cell by cell) and the seed, with a counter-based generator: a chip is the same
//! on any number of threads and in any order, and a kind of deviation does not change the draws of another. The
//! evaluator asks for each part as it compiles ([`Evaluator::on_chip`]), so no second design is kept.
//!
//! A cell's conductance comes about in this order: the target, or the lowest conductance where a cross-point is
//! filled; the nearest level; the device's own parameters; programming error; drift. A faulty cell stays at its fault's
//! conductance instead; the target of its complementary cell may compensate it. Then temperature acts on all. Feedback that
//! follows the cells ([`Tracking`]) is drawn as cells that are so much larger.
//! Cells that trim offsets ([`Trim`]) are programmed after all others.
//!
//! [`Evaluator::on_chip`]: crate::native::Evaluator::on_chip

mod cells;
mod check;
mod draw;
mod realistic;
mod repair;
mod spec;
mod trim;

pub use check::ChipError;
pub use spec::{
    Converter, DeviceSpread, Drift, Faults, Flicker, Levels, NonIdealities, ProgrammingError, ReadNoise,
    Supply, Temperature, Tracking,
};

pub(crate) use trim::{Programmer, step};
pub use trim::{Trim, Trimmed};

use draw::{Draws, Kind, seed_of};
use memloom_ir::device::{Device, Error as DeviceError};
use memloom_ir::{ABSENT, Cell, Crossbar, OpAmp};
use rand_distr::{Distribution, StandardNormal};

/// A chip.
#[derive(Debug, Clone, PartialEq)]
pub struct Chip {
    spec: NonIdealities,
    trimmed: Trimmed,
}

impl Chip {
    /// The chip that `spec` and its seed describe.
    ///
    /// # Errors
    /// If a value is out of its range.
    pub fn new(spec: NonIdealities) -> Result<Self, ChipError> {
        check::check(&spec)?;
        Ok(Self { spec, trimmed: Trimmed::default() })
    }

    /// What is not ideal about it.
    pub fn spec(&self) -> &NonIdealities {
        &self.spec
    }

    /// The crossbar at `path` as it was made; `None` if its cells are at their targets.
    ///
    /// # Errors
    /// [`Self::device`]'s, and a target that the device as declared does not reach, where devices spread.
    pub fn crossbar(
        &self,
        path: &str,
        target: &Crossbar,
        cell: &Cell,
    ) -> Result<Option<Crossbar>, DeviceError> {
        let changes = cells::changes(&self.spec) || self.trimmed.of(path).is_some();
        changes.then(|| cells::make(self, path, target, cell)).transpose()
    }

    /// The device of cell `at`, counted row by row, of the crossbar at `path`: the same as a deck of it takes.
    ///
    /// # Errors
    /// [`Variation::device`](memloom_ir::device::Variation::device)'s.
    pub fn device(&self, path: &str, cell: &Cell, at: usize) -> Result<Device, DeviceError> {
        let Some(spread) = &self.spec.devices else { return Ok(cell.device) };
        let seed = seed_of(self.spec.seed, Kind::Device, path);
        spread.variation.cycle(&cell.device, seed, at as u64, spread.cycle)
    }

    /// How far the offset of the op-amp at `path` is from the declared one, volts.
    pub fn offset(&self, path: &str) -> f64 {
        self.normal(Kind::Offset, path, self.spec.offset_sigma)
    }

    /// How far the offset of `op_amp` at `path` is from the declared one: of one that zeroes its own, what that leaves.
    pub(crate) fn offset_of(&self, path: &str, op_amp: &OpAmp) -> f64 {
        if let Some(zero) = op_amp.auto_zero {
            return self.normal(Kind::Offset, path, self.spec.offset_sigma.min(zero.residual));
        }
        let warm = self.spec.temperature.map_or(0.0, |t| t.offset * (t.celsius - t.reference));
        let supply = self.spec.supply.map_or(0.0, |supply| supply.shift / supply.rejection);
        self.offset(path) + self.normal(Kind::OffsetDrift, path, warm) + supply
    }

    /// The upper end of a swing with this chip's supply, volts.
    pub(crate) fn upper(&self, volts: f64) -> f64 {
        volts + self.spec.supply.map_or(0.0, |supply| supply.shift)
    }

    /// A rail of `volts` as it is, volts; that of `v_ref` is what others refer to.
    pub(crate) fn rail(&self, volts: f64, v_ref: f64) -> f64 {
        v_ref + (volts - v_ref) * self.spec.temperature.map_or(1.0, |t| t.change(t.rail))
    }

    /// What flicker noise of `sigma` volts adds to the offset of the op-amp at `path`.
    pub(crate) fn flicker(&self, path: &str, sigma: f64) -> f64 {
        self.normal(Kind::Flicker, path, sigma)
    }

    /// The crossbar at `path` with flicker noise: `sigma` is the deviation of a conductance over it, column by column.
    pub(crate) fn flickered(&self, path: &str, crossbar: &Crossbar, sigma: &[f64]) -> Crossbar {
        let mut draws = Draws::new(self.spec.seed, Kind::Flicker, path);
        let cells = crossbar.conductance().iter().enumerate().map(|(cell, g)| {
            let sigma = sigma[cell % sigma.len()];
            if *g == ABSENT || sigma == 0.0 {
                return *g;
            }
            let normal: f64 = StandardNormal.sample(draws.cell(cell));
            (f64::from(*g) * (1.0 + sigma * normal).max(0.0)) as f32
        });
        crossbar.holding(cells.collect())
    }

    /// The resistor of `ohms` at `path` as it was made, ohm. Draws end at 4.5 deviations below it.
    pub fn resistance(&self, path: &str, ohms: f64) -> f64 {
        let least = -4.5 * self.spec.resistor_sigma;
        let warm = self.spec.temperature.map_or(1.0, |t| t.change(t.resistor));
        ohms * warm * (1.0 + self.normal(Kind::Resistor, path, self.spec.resistor_sigma).max(least))
    }

    /// The gain of the behavioural block at `path`, over its own, and its offset at the output, volts.
    pub fn block(&self, path: &str) -> (f64, f64) {
        let gain = 1.0 + self.normal(Kind::BlockGain, path, self.spec.block_gain_sigma);
        (gain, self.normal(Kind::BlockOffset, path, self.spec.block_offset_sigma))
    }

    fn normal(&self, kind: Kind, path: &str, sigma: f64) -> f64 {
        if sigma == 0.0 {
            return 0.0;
        }
        let normal: f64 = StandardNormal.sample(Draws::new(self.spec.seed, kind, path).cell(0));
        sigma * normal
    }
}
