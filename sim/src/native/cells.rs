//! Cells that netlists write as devices: conductors with a law of their own, in the state that was programmed.
//!
//! At DC a state holds, whatever the voltage; what settles by itself settles. So a cell is a current over a voltage.

use super::Error;
use super::flat::{Array, Edge, Flat, Source};
use super::names::Place;
use super::options::Setting;
use crate::chip::Chip;
use crate::device::MOST_STATES;
use memloom_ir::device::{Device, Error as DeviceError};
use memloom_ir::units::Ohms;
use memloom_ir::{ABSENT, Cell, CellNetlist, Crossbar, Parasitics, siemens};
use std::sync::Arc;

/// Current over voltage of a device whose state holds.
#[derive(Clone)]
pub(super) struct Law {
    device: Arc<Device>,
    state: [f64; MOST_STATES],
}

/// A device between two nodes. `edge` has the conductance that it is programmed to.
pub(super) struct DeviceCell {
    pub(super) edge: Edge,
    pub(super) law: Law,
}

/// Step of a slope, volts; of a voltage beyond 1 V, in proportion.
const STEP: f64 = 1e-6;

impl Law {
    /// `device` in the state that has the conductance `g` siemens at `v` volts.
    fn new(device: Arc<Device>, g: f64, v: f64) -> Result<Self, DeviceError> {
        let mut state = [0.0; MOST_STATES];
        let found = device.state_for(g, v)?;
        state[..found.len()].copy_from_slice(&found);
        Ok(Self { device, state })
    }

    /// Current at `v` volts, amperes.
    pub(super) fn current(&self, v: f64) -> f64 {
        let mut state = self.state;
        let state = &mut state[..self.device.spec().states.len()];
        self.device.settle(v, state);
        self.device.current(v, state)
    }

    /// Slope of the current at `v` volts, siemens.
    pub(super) fn slope(&self, v: f64) -> f64 {
        let step = STEP * v.abs().max(1.0);
        (self.current(v + step) - self.current(v - step)) / (2.0 * step)
    }
}

/// The law of each cell of `crossbar`, at its cross-point, where netlists write its cells as devices; on a chip, of the
/// devices that the chip has at `path`.
pub(super) fn laws(
    crossbar: &Crossbar,
    cell: &Cell,
    chip: Option<(&Chip, &str)>,
) -> Result<Option<Vec<Option<Law>>>, DeviceError> {
    if cell.netlist == CellNetlist::Resistor {
        return Ok(None);
    }
    let declared = Arc::new(cell.device);
    let law = |(at, g): (usize, &f32)| {
        if *g == ABSENT {
            return Ok(None);
        }
        let g = siemens(*g);
        let Some((chip, path)) = chip else { return Law::new(declared.clone(), g, cell.v_read).map(Some) };
        let device = match chip.spec().devices {
            Some(_) => Arc::new(chip.device(path, cell, at)?),
            None => declared.clone(),
        };
        // Errors of programming, faults and drift end where the device does.
        let (low, high) = device.reach(cell.v_read);
        Law::new(device, g.clamp(low, high), cell.v_read).map(Some)
    };
    crossbar.conductance().iter().enumerate().map(law).collect::<Result<_, _>>().map(Some)
}

/// Places the cells of every crossbar of devices between nodes, with what its lines and contacts resist.
pub(super) fn place(flat: &mut Flat<'_>) {
    let mut arrays = std::mem::take(&mut flat.arrays);
    for array in &mut arrays {
        let Some(laws) = array.laws.take() else { continue };
        let grid = Grid::new(flat, array);
        for (at, law) in laws.into_iter().enumerate() {
            let Some(law) = law else { continue };
            let g = siemens(array.crossbar.conductance()[at]);
            flat.cells.push(DeviceCell { edge: Edge { a: grid.words[at], b: grid.cells[at], g }, law });
        }
        array.placed = true;
    }
    flat.arrays = arrays;
}

/// The nodes at each cross-point of an array, row by row.
struct Grid {
    /// Of the wordline.
    words: Vec<u32>,
    /// Of the cell's other end, which is the bitline's but for a contact.
    cells: Vec<u32>,
}

impl Grid {
    /// Adds the lines of `array`, and its contacts, as resistors.
    fn new(flat: &mut Flat<'_>, array: &Array<'_>) -> Self {
        let Parasitics { r_wordline, r_bitline, r_driver, r_sense, r_contact, .. } =
            *array.crossbar.parasitics();
        let (rows, cols) = (array.rows.len(), array.cols.len());
        let mut behind = |name, ohms, count, before: &dyn Fn(usize, u32) -> u32| {
            behind(flat, array.at, name, ohms, count, before)
        };
        let starts = behind("driver", r_driver, rows, &|row, _| array.rows[row]);
        let ends = behind("sense", r_sense, cols, &|col, _| array.cols[col]);
        let count = rows * cols;
        let words = behind("wordline", r_wordline, count, &|at, first| match at % cols {
            col if col > 0 && r_wordline.get() > 0.0 => first + at as u32 - 1,
            _ => starts[at / cols],
        });
        let bits = behind("bitline", r_bitline, count, &|at, first| match at + cols {
            below if below < count && r_bitline.get() > 0.0 => first + below as u32,
            _ => ends[at % cols],
        });
        let cells = behind("contact", r_contact, count, &|at, _| bits[at]);
        Self { words, cells }
    }
}

/// `count` new nodes, each with a resistor to the node that `before` says, which is told the first of the new ones; where
/// the resistor is none, those nodes themselves.
fn behind(
    flat: &mut Flat<'_>,
    place: Place,
    name: &'static str,
    ohms: Ohms,
    count: usize,
    before: &dyn Fn(usize, u32) -> u32,
) -> Vec<u32> {
    let first = flat.source.len() as u32;
    if ohms.get() == 0.0 {
        return (0..count).map(|at| before(at, first)).collect();
    }
    flat.names.span(first, count as u32, place, name);
    flat.source.resize(flat.source.len() + count, Source::Free);
    let g = ohms.recip().get();
    flat.resistors.extend((0..count).map(|at| Edge { a: before(at, first), b: first + at as u32, g }));
    (first..first + count as u32).collect()
}

/// Noise is drawn for conductances; devices have none yet.
pub(super) fn refuse_noise(flat: &Flat<'_>, setting: Setting<'_>) -> Result<(), Error> {
    let noisy = setting.chip.is_some_and(|chip| chip.spec().is_noisy());
    match flat.arrays.iter().find(|array| noisy && array.placed) {
        Some(array) => Err(Error::NoiseOfDevices(flat.names.path(array.at))),
        None => Ok(()),
    }
}
