//! A circuit without hierarchy.

use super::cells::{DeviceCell, Law};
use super::names::{Names, Place};
use memloom_ir::{self as ir, Crossbar};
use std::borrow::Cow;

/// What sets a node's voltage.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Source {
    /// The currents of its conductances.
    Free,
    /// An input of the program, by number.
    Input(u32),
    /// A rail, volts.
    Supply(f64),
    /// The output of an op-amp, by number.
    Amp(u32),
    /// The output of a behavioural block, by number.
    Map(u32),
}

/// A conductance of `g` siemens between two nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) g: f64,
}

/// An op-amp: `inverse_gain (out - mid) = inp - inn + offset`, then limited to `swing`.
pub(super) struct Amp {
    pub(super) at: Place,
    pub(super) inp: u32,
    pub(super) inn: u32,
    pub(super) out: u32,
    pub(super) mid: f64,
    pub(super) inverse_gain: f64,
    pub(super) offset: f64,
    /// Gain-bandwidth product, hertz.
    pub(super) gbw: f64,
    /// Capacitance of the inverting input, farad.
    pub(super) c_in: f64,
    /// Density of its white noise, volts per root hertz, and where its flicker noise meets that, hertz.
    pub(super) density: f64,
    pub(super) corner: f64,
    pub(super) swing: (f64, f64),
}

/// A behavioural block. `inputs` repeats the one input of an activation; `unit_in` is the multiplier's unit.
pub(super) struct Map {
    pub(super) at: Place,
    pub(super) function: ir::Function,
    pub(super) inputs: [u32; 2],
    pub(super) v_ref: u32,
    pub(super) out: u32,
    pub(super) unit_in: f64,
    pub(super) unit_out: f64,
    /// Volts that its output has too much.
    pub(super) offset: f64,
    pub(super) swing: (f64, f64),
}

/// A crossbar and the nodes of its lines. Where its cells are devices, they are placed apart from it.
pub(super) struct Array<'d> {
    pub(super) at: Place,
    pub(super) crossbar: Cow<'d, Crossbar>,
    pub(super) rows: Vec<u32>,
    pub(super) cols: Vec<u32>,
    /// Flicker noise of its cells, over their current and squared, at 1 Hz.
    pub(super) flicker: f64,
    /// The laws of its cells, at their cross-points, until they are placed.
    pub(super) laws: Option<Vec<Option<Law>>>,
    /// Whether its cells stand in [`Flat::cells`].
    pub(super) placed: bool,
}

/// A flat circuit.
pub(super) struct Flat<'d> {
    pub(super) source: Vec<Source>,
    pub(super) resistors: Vec<Edge>,
    /// Capacitors: the nodes between which they are, and farad.
    pub(super) capacitors: Vec<(u32, u32, f64)>,
    pub(super) arrays: Vec<Array<'d>>,
    /// Cells that are devices.
    pub(super) cells: Vec<DeviceCell>,
    pub(super) amps: Vec<Amp>,
    pub(super) maps: Vec<Map>,
    /// Current inputs: `(node, input number)`.
    pub(super) injected: Vec<(u32, u32)>,
    pub(super) inputs: u32,
    pub(super) outputs: Vec<u32>,
    pub(super) names: Names<'d>,
    /// Path of the circuit in the design, which the paths of its parts start with; empty for the whole.
    pub(super) path: String,
}

impl Flat<'_> {
    /// The path of a part from the top of the design on.
    pub(super) fn path_of(&self, at: Place) -> String {
        let inner = self.names.path(at);
        if self.path.is_empty() { inner } else { format!("{}.{inner}", self.path) }
    }
}
