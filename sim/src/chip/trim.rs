//! Cells that a programmer sets after looking at what columns give.

use super::cells::Maker;
use super::draw::{Draws, Kind};
use super::{Chip, DeviceError, Flicker, NonIdealities};
use memloom_ir::Cell;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// Offset trim: after programming, each column's output at zero input is measured and brought to what the design has
/// there, by cells on the bias rails of its tile. See [`crate::native`] for the procedure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trim {
    /// Reads that are averaged in one measurement, at least 1.
    pub reads: u32,
}

impl Default for Trim {
    /// 1,024 reads: about a millisecond at the speed of a column.
    fn default() -> Self {
        Self { reads: 1024 }
    }
}

/// Conductances of cells as they were programmed to trim offsets, siemens, by the crossbar's path.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trimmed(Arc<HashMap<String, BTreeMap<usize, f32>>>);

impl Trimmed {
    /// The cells of the crossbar at `path`, counted row by row.
    pub fn of(&self, path: &str) -> Option<&BTreeMap<usize, f32>> {
        self.0.get(path)
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.0.values().map(BTreeMap::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn set(&mut self, path: &str, cell: usize, siemens: f32) {
        let cells = Arc::make_mut(&mut self.0);
        match cells.get_mut(path) {
            Some(of_path) => of_path.insert(cell, siemens),
            None => cells.entry(path.to_owned()).or_default().insert(cell, siemens),
        };
    }
}

/// Who programs single cells of one crossbar, once more each time.
pub(crate) struct Programmer<'a> {
    maker: Maker<'a>,
    path: &'a str,
    seed: u64,
}

impl<'a> Programmer<'a> {
    pub(crate) fn new(chip: &'a Chip, path: &'a str, cell: &'a Cell) -> Self {
        Self { maker: Maker::new(chip, path, cell), path, seed: chip.spec.seed }
    }

    /// The conductance of `cell` after an attempt to bring it to `target` siemens, the `attempt`th of the chip's life;
    /// `None` for a cell that does not do as told.
    pub(crate) fn program(
        &mut self,
        cell: usize,
        target: f64,
        attempt: u32,
    ) -> Result<Option<f64>, DeviceError> {
        if self.maker.fault(cell).is_some() {
            return Ok(None);
        }
        let mut draws = Draws::new(self.seed, Kind::Trim, &format!("{}#{attempt}", self.path));
        let normal = StandardNormal.sample(draws.cell(cell));
        self.maker.programmed(cell, target, normal).map(Some)
    }

    /// A standard normal number for the measurement before an attempt.
    pub(crate) fn error(&self, column: usize, attempt: u32) -> f64 {
        StandardNormal.sample(
            Draws::new(self.seed, Kind::Measurement, &format!("{}#{attempt}", self.path)).cell(column),
        )
    }
}

impl Chip {
    /// The chip on its first day and at the temperature at which it was programmed, with cells as `trimmed`.
    pub(crate) fn fresh(&self, trimmed: Trimmed) -> Self {
        let mut chip = self.clone().with(trimmed);
        chip.spec.flicker.time = 0.0;
        if !chip.spec.retrim {
            (chip.spec.drift, chip.spec.temperature, chip.spec.supply) = (None, None, None);
        }
        chip
    }

    /// The chip with cells as `trimmed`.
    pub(crate) fn with(self, trimmed: Trimmed) -> Self {
        Self { trimmed, ..self }
    }

    /// The same chip, trimmed as it is, whose parts have no noise.
    pub fn quiet(&self) -> Self {
        let spec = NonIdealities {
            op_amp_noise: 0.0,
            read_noise: None,
            noise: false,
            noise_density: None,
            flicker: Flicker { time: 0.0, ..self.spec.flicker },
            trim: None,
            ..self.spec.clone()
        };
        Self { spec, trimmed: self.trimmed.clone() }
    }

    /// What offsets were trimmed with.
    pub fn trimmed(&self) -> &Trimmed {
        &self.trimmed
    }
}

/// The step between neighbouring conductances that a programmer can hit, siemens; 0 where all can be.
pub(crate) fn step(chip: &Chip, cell: &Cell) -> f64 {
    match &chip.spec.levels {
        None => 0.0,
        Some(super::Levels::Uniform { count }) => (cell.g_max - cell.g_min) / f64::from(count - 1),
        Some(super::Levels::List { siemens }) => {
            (siemens[siemens.len() - 1] - siemens[0]) / (siemens.len() - 1) as f64
        }
    }
}
