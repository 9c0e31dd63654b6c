//! Cells that netlists write as devices: conductors with a law of their own, in the state that was programmed.
//!
//! At DC a state holds, whatever the voltage; what settles by itself settles. So a cell is a current over a voltage.

use super::Error;
use super::flatten::{Array, Edge, Flat};
use super::options::Setting;
use crate::chip::Chip;
use crate::device::MOST_STATES;
use memloom_ir::device::{Device, Error as DeviceError};
use memloom_ir::{ABSENT, Cell, CellNetlist, Crossbar, siemens};
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

/// Places the cells of every crossbar of devices between nodes, with its wires if they have resistance.
pub(super) fn place(flat: &mut Flat<'_>) {
    let mut arrays = std::mem::take(&mut flat.arrays);
    for array in &mut arrays {
        let Some(laws) = array.laws.take() else { continue };
        let cols = array.crossbar.cols() as usize;
        let inner = (array.crossbar.r_wire() > 0.0).then(|| wires(flat, array));
        for (at, law) in laws.into_iter().enumerate() {
            let Some(law) = law else { continue };
            let (a, b) = match &inner {
                Some([words, bits]) => (words + at as u32, bits + at as u32),
                None => (array.rows[at / cols], array.cols[at % cols]),
            };
            let g = siemens(array.crossbar.conductance()[at]);
            flat.cells.push(DeviceCell { edge: Edge { a, b, g }, law });
        }
        array.placed = true;
    }
    flat.arrays = arrays;
}

/// The wires of an array as resistors. Returns the first of the nodes on its wordlines and of those on its bitlines, a
/// node for each cross-point.
fn wires(flat: &mut Flat<'_>, array: &Array<'_>) -> [u32; 2] {
    let (rows, cols, g) =
        (array.crossbar.rows() as usize, array.crossbar.cols() as usize, array.crossbar.r_wire().recip());
    let [words, bits] = ["wordline", "bitline"].map(|line| {
        let first = flat.source.len() as u32;
        flat.names.span(first, (rows * cols) as u32, array.at, line);
        flat.source.resize(flat.source.len() + rows * cols, super::flatten::Source::Free);
        first
    });
    for at in 0..rows * cols {
        let (row, col, node) = (at / cols, at % cols, at as u32);
        let before = if col == 0 { array.rows[row] } else { words + node - 1 };
        let after = if row + 1 == rows { array.cols[col] } else { bits + node + cols as u32 };
        flat.resistors.push(Edge { a: before, b: words + node, g });
        flat.resistors.push(Edge { a: bits + node, b: after, g });
    }
    [words, bits]
}

/// Noise is drawn for conductances; devices have none yet.
pub(super) fn refuse_noise(flat: &Flat<'_>, setting: Setting<'_>) -> Result<(), Error> {
    let noisy = setting.chip.is_some_and(|chip| chip.spec().is_noisy());
    match flat.arrays.iter().find(|array| noisy && array.placed) {
        Some(array) => Err(Error::NoiseOfDevices(flat.names.path(array.at))),
        None => Ok(()),
    }
}
