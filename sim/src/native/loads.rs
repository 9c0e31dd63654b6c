//! What stands around an op-amp: what its noise, and that of all at its inverting node, comes out through.

use super::flat::{Amp, Flat};
use super::physics::Stage;
use memloom_ir::Parasitics;
use std::collections::HashMap;

/// The capacitors of a circuit.
pub(super) struct Loads {
    /// Farad between two nodes.
    between: HashMap<(u32, u32), f64>,
    /// Farad at each node in all, without op-amps.
    at: HashMap<u32, f64>,
}

impl Loads {
    /// What is between two nodes of `flat`, and what a bitline has to its wordlines and to ground.
    pub(super) fn new(flat: &Flat<'_>) -> Self {
        let mut loads = Self { between: HashMap::new(), at: HashMap::new() };
        for (a, b, farad) in &flat.capacitors {
            *loads.between.entry((*a, *b)).or_default() += farad;
            [a, b].into_iter().for_each(|node| loads.add(*node, *farad));
        }
        for array in &flat.arrays {
            let Parasitics { c_wire, c_cell, .. } = array.crossbar.parasitics();
            if c_wire.get() == 0.0 && c_cell.get() == 0.0 {
                continue;
            }
            let of_wire = c_wire.get() * f64::from(array.crossbar.rows());
            array.cols.iter().for_each(|col| loads.add(*col, of_wire));
            let cells = array.crossbar.cells();
            cells.for_each(|(_, col, _)| loads.add(array.cols[col as usize], c_cell.get()));
        }
        loads
    }

    fn add(&mut self, node: u32, farad: f64) {
        *self.at.entry(node).or_default() += farad;
    }

    /// The stage around `amp`, at whose inverting node `edges` are: the node beyond, and siemens. `None` for one without
    /// feedback.
    pub(super) fn stage(&self, amp: &Amp, edges: &[(u32, f64)]) -> Option<Stage> {
        if amp.inn == amp.out {
            return Some(Stage::follower(amp.gbw));
        }
        let feedback = edges.iter().filter(|(node, _)| *node == amp.out);
        let (g_f, g) = (feedback.map(|(_, g)| g).sum(), edges.iter().map(|(_, g)| g).sum());
        let beside = |pair| self.between.get(&pair).copied().unwrap_or(0.0);
        let c_f = beside((amp.inn, amp.out)) + beside((amp.out, amp.inn));
        let c = amp.c_in + self.at.get(&amp.inn).copied().unwrap_or(0.0);
        (g_f > 0.0).then_some(Stage { gbw: amp.gbw, g_f, g, c_f, c })
    }
}
