//! What offsets of a circuit can be trimmed with: cells between constant rails and bitlines, and the outputs that they
//! move.

use super::flat::{Flat, Source};
use memloom_ir::Crossbar;
use std::collections::HashMap;

/// The crossbars of a circuit with their rails and columns.
pub(super) struct Levers {
    /// Slot of each node that has one.
    pub(super) slot_of: Vec<u32>,
    pub(super) arrays: Vec<Array>,
}

/// A crossbar with wordlines that are rails.
pub(super) struct Array {
    /// Its path from the top of the design on.
    pub(super) path: String,
    /// As made.
    pub(super) crossbar: Crossbar,
    /// Wordline, and its volts.
    pub(super) rails: Vec<(u32, f64)>,
    /// The op-amp behind each bitline, if there is one.
    pub(super) amps: Vec<Option<Amp>>,
}

/// An op-amp that holds a bitline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Amp {
    /// Its output's node.
    pub(super) out: u32,
    /// Its row in the program.
    pub(super) row: usize,
    /// It holds the bitline at `volts - inverse_gain (v(out) - mid)`.
    pub(super) volts: f64,
    pub(super) inverse_gain: f64,
    pub(super) mid: f64,
}

impl Levers {
    /// Those of `flat`; `row_of` gives the row of an op-amp, by number.
    pub(super) fn new(flat: &Flat<'_>, slot_of: &[u32], row_of: impl Fn(usize) -> usize) -> Self {
        let mut holders = HashMap::new();
        for (number, amp) in flat.amps.iter().enumerate() {
            if let Source::Supply(volts) = flat.source[amp.inp as usize] {
                let (out, row) = (amp.out, row_of(number));
                let volts = volts + amp.offset;
                holders
                    .insert(amp.inn, Amp { out, row, volts, inverse_gain: amp.inverse_gain, mid: amp.mid });
            }
        }
        let array = |array: &super::flat::Array<'_>| {
            let rail = |(row, node): (usize, &u32)| match flat.source[*node as usize] {
                Source::Supply(volts) => Some((row as u32, volts)),
                _ => None,
            };
            Array {
                path: flat.path_of(array.at),
                crossbar: array.crossbar.clone().into_owned(),
                rails: array.rows.iter().enumerate().filter_map(rail).collect(),
                amps: array.cols.iter().map(|node| holders.get(node).copied()).collect(),
            }
        };
        Self { slot_of: slot_of.to_vec(), arrays: flat.arrays.iter().map(array).collect() }
    }
}
