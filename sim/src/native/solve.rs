//! Turns one system of the circuit into rows: each wanted voltage as an affine function of what drives the system.
//!
//! Unknowns are the free nodes and the op-amp outputs. A free node's row is Kirchhoff's current law, divided by the
//! conductance at the node; an op-amp's is `(out - mid) / A0 - (inp - inn) = offset`, which holds for infinite gain
//! too. For `A x = B d + c` and a wanted unknown `x_j`, `A' y = e_j` gives `x_j = y' (B d + c)`.

use super::Error;
use super::flat::{Flat, Source};
use super::linear::Factored;
use super::newton::{End, Nonlinear, Part};
use super::noise::{NoiseSources, RowNoise};
use super::program::Operand;
use super::topology::{System, Topology};

const NONE: u32 = u32::MAX;

/// One voltage as an affine function of others: `offset + sum coefficient * slot`, then limited to `swing`.
pub(super) struct Row {
    pub(super) offset: f64,
    /// Slot and coefficient, ascending by slot.
    pub(super) terms: Vec<(u32, f64)>,
    pub(super) swing: (f64, f64),
    /// Volts per ampere into the op-amp's inverting node; 0 where that is held by others.
    pub(super) reach: f64,
    /// Of the op-amps that are solved together with this one, that whose inverting node moves this output about as much as
    /// its own does, as the first of a pair does: its output's slot, and volts per ampere into its node.
    pub(super) partner: Option<(u32, f64)>,
    /// On a chip with noise.
    pub(super) noise: Option<RowNoise>,
}

const UNLIMITED: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

/// What a system comes to.
pub(super) enum Solved {
    Rows(Vec<Row>),
    /// Those of its op-amps, then that of the free nodes that are read.
    Devices(Vec<Nonlinear>),
}

/// `A x = B d + c`.
#[derive(Default)]
struct Equations {
    /// Entries of `A`.
    matrix: Vec<(u32, u32, f64)>,
    /// Entries of `B`: row, slot, coefficient. Ascending by row.
    driven: Vec<(u32, u32, f64)>,
    /// `c`.
    constant: Vec<f64>,
}

/// Solves systems of one circuit; scratch is kept from one to the next.
pub(super) struct Solver<'a, 'd> {
    flat: &'a Flat<'d>,
    topology: &'a Topology,
    noise: Option<&'a NoiseSources>,
    /// Slot of each node that a program holds.
    slot_of: &'a [u32],
    /// Number of each unknown of the system at hand, by node.
    unknown: Vec<u32>,
    /// Devices at each free node, by number.
    cells: Vec<Vec<u32>>,
    /// Coefficients of the row at hand, by slot.
    sum: Vec<f64>,
    seen: Vec<bool>,
}

impl<'a, 'd> Solver<'a, 'd> {
    pub(super) fn new(
        flat: &'a Flat<'d>,
        topology: &'a Topology,
        noise: Option<&'a NoiseSources>,
        slot_of: &'a [u32],
        slots: usize,
    ) -> Self {
        let unknown = vec![NONE; flat.source.len()];
        let mut cells = vec![Vec::new(); if flat.cells.is_empty() { 0 } else { flat.source.len() }];
        for (index, cell) in flat.cells.iter().enumerate().filter(|(_, cell)| cell.edge.a != cell.edge.b) {
            for node in [cell.edge.a, cell.edge.b] {
                if flat.source[node as usize] == Source::Free {
                    cells[node as usize].push(index as u32);
                }
            }
        }
        let (sum, seen) = (vec![0.0; slots], vec![false; slots]);
        Self { flat, topology, noise, slot_of, unknown, cells, sum, seen }
    }

    /// What a system comes to: rows, or with devices in it a system for Newton's method.
    pub(super) fn system(&mut self, system: &System) -> Result<Solved, Error> {
        let rows = self.rows(system)?;
        let is_linear = |node: &u32| self.cells.get(*node as usize).is_none_or(Vec::is_empty);
        if rows.is_empty() || system.free.iter().all(is_linear) {
            return Ok(Solved::Rows(rows));
        }
        let (free, amps) = (system.free.len() as u32, &system.amps);
        let mut systems = Vec::with_capacity(2);
        if !amps.is_empty() {
            let swings = amps.iter().map(|amp| self.flat.amps[*amp as usize].swing);
            let outputs = (free..).zip(swings).collect();
            systems.push(self.nonlinear(&system.free, amps, outputs));
        }
        let read = (0..free).filter(|i| self.topology.read[system.free[*i as usize] as usize]);
        let read: Vec<_> = read.map(|i| (i, UNLIMITED)).collect();
        if !read.is_empty() {
            systems.push(self.nonlinear(&system.free, &[], read));
        }
        Ok(Solved::Devices(systems))
    }

    fn nonlinear(&mut self, free: &[u32], amps: &[u32], outputs: Vec<(u32, (f64, f64))>) -> Nonlinear {
        let nodes = self.number(free, amps);
        let Equations { matrix, driven, constant } = self.equations(free, amps);
        let parts = self.parts(free);
        nodes.iter().for_each(|node| self.unknown[*node as usize] = NONE);
        Nonlinear { size: nodes.len(), matrix, driven, constant, parts, outputs }
    }

    /// Devices at the unknowns `free`.
    fn parts(&self, free: &[u32]) -> Vec<Part> {
        let mut cells: Vec<u32> = free.iter().flat_map(|node| &self.cells[*node as usize]).copied().collect();
        cells.sort_unstable();
        cells.dedup();
        let end = |node: u32| match (self.unknown[node as usize], self.flat.source[node as usize]) {
            (NONE, Source::Supply(volts)) => End::Known(Operand::Volts(volts)),
            (NONE, _) => End::Known(Operand::Slot(self.slot_of[node as usize])),
            (unknown, _) => End::Unknown(unknown),
        };
        let part = |index: u32| {
            let cell = &self.flat.cells[index as usize];
            let nodes = [cell.edge.a, cell.edge.b];
            let scale = nodes.map(|node| self.siemens(node).recip());
            Part { ends: nodes.map(end), scale, g: cell.edge.g, law: cell.law.clone() }
        };
        cells.into_iter().map(part).collect()
    }

    /// Conductance at a free node.
    fn siemens(&self, node: u32) -> f64 {
        self.topology.adjacency.at(node).iter().map(|(_, g)| g).sum()
    }

    /// Numbers the unknowns of a system; returns their nodes.
    fn number(&mut self, free: &[u32], amps: &[u32]) -> Vec<u32> {
        let outputs = amps.iter().map(|amp| self.flat.amps[*amp as usize].out);
        let nodes: Vec<u32> = free.iter().copied().chain(outputs).collect();
        nodes.iter().enumerate().for_each(|(index, node)| self.unknown[*node as usize] = index as u32);
        nodes
    }

    /// Rows of a system: its op-amp outputs, then its free nodes that are read elsewhere.
    ///
    /// Op-amp outputs are limited to their swing after the system is solved: exact for one op-amp, and for several
    /// while none of them clips. Free nodes are then those of the resistors alone between the limited outputs.
    pub(super) fn rows(&mut self, system: &System) -> Result<Vec<Row>, Error> {
        let (free, amps) = (system.free.len(), system.amps.len());
        let mut rows = Vec::with_capacity(amps);
        if let (Some(noise), 0) = (self.noise, amps) {
            noise.refuse(self.flat, &system.free)?;
        }
        if amps > 0 {
            let outputs: Vec<_> = (free..free + amps).collect();
            rows = self.solve(&system.free, &system.amps, &outputs)?;
        }
        let read: Vec<_> = (0..free).filter(|i| self.topology.read[system.free[*i] as usize]).collect();
        if !read.is_empty() {
            rows.extend(self.solve(&system.free, &[], &read)?);
        }
        Ok(rows)
    }

    fn solve(&mut self, free: &[u32], amps: &[u32], wanted: &[usize]) -> Result<Vec<Row>, Error> {
        let nodes = self.number(free, amps);
        let equations = self.equations(free, amps);
        nodes.iter().for_each(|node| self.unknown[*node as usize] = NONE);

        let singular = || Error::Singular(self.name(free, amps));
        let factor = Factored::transposed(nodes.len(), &equations.matrix).ok_or_else(singular)?;
        let mut rows = Vec::with_capacity(wanted.len());
        let inverting: Vec<_> = amps.iter().map(|amp| self.inverting(free, *amp)).collect();
        for index in wanted {
            let y = factor
                .solve_unit(nodes.len(), *index)
                .ok_or_else(|| Error::Singular(self.name(free, amps)))?;
            // The gain from an op-amp's offset to its output is positive under negative feedback only.
            if let [_] = amps
                && y[free.len()] <= 0.0
            {
                return Err(Error::PositiveFeedback(self.name(free, amps)));
            }
            let own = index.checked_sub(free.len());
            let amp = own.map(|at| &self.flat.amps[amps[at] as usize]);
            let noise = match amp {
                Some(amp) => self.noise(free, amps, &y, amp.out)?,
                None => None,
            };
            let reach = |amp: usize| inverting[amp].map_or(0.0, |(at, siemens)| y[at] / siemens);
            rows.push(Row {
                noise,
                reach: own.map_or(0.0, reach),
                partner: own.and_then(|own| self.partner(amps, own, reach)),
                ..self.combine(&equations, &y, amp.map_or(UNLIMITED, |amp| amp.swing))
            });
        }
        Ok(rows)
    }

    /// Where the inverting node of an op-amp is among the nodes `free`, and its siemens.
    fn inverting(&self, free: &[u32], amp: u32) -> Option<(usize, f64)> {
        let at = free.iter().position(|node| *node == self.flat.amps[amp as usize].inn)?;
        Some((at, self.siemens(free[at])))
    }

    /// See [`Row::partner`]; `reach` gives the volts at the output of op-amp `own` per ampere into the node of each.
    fn partner(&self, amps: &[u32], own: usize, reach: impl Fn(usize) -> f64) -> Option<(u32, f64)> {
        let others = (0..amps.len()).filter(|other| *other != own).map(|other| (other, reach(other)));
        let (other, volts) = others.max_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))?;
        let slot = self.slot_of[self.flat.amps[amps[other] as usize].out as usize];
        (volts.abs() > 0.5 * reach(own).abs()).then_some((slot, volts))
    }

    fn noise(&self, free: &[u32], amps: &[u32], y: &[f64], out: u32) -> Result<Option<RowNoise>, Error> {
        let Some(sources) = self.noise else { return Ok(None) };
        let gains: Vec<f64> = free.iter().zip(y).map(|(node, y)| y / self.siemens(*node)).collect();
        let of_amps = (amps, &y[free.len()..]);
        let mut noise = sources.row(self.flat, self.slot_of, (free, gains.as_slice()), of_amps)?;
        // Of op-amps that wires join into one system, each is a stage of its own but for what flows between bitlines.
        let own = amps.iter().position(|amp| self.flat.amps[*amp as usize].out == out);
        if let Some(amp) = own.map(|at| amps[at]) {
            noise.constant += sources.of_stage(
                self.flat,
                amp,
                self.topology.adjacency.at(self.flat.amps[amp as usize].inn),
            );
        }
        Ok(Some(noise))
    }

    fn name(&self, free: &[u32], amps: &[u32]) -> String {
        match amps.first() {
            Some(amp) => self.flat.names.path(self.flat.amps[*amp as usize].at),
            None => self.flat.names.node(free[0]),
        }
    }

    fn equations(&self, free: &[u32], amps: &[u32]) -> Equations {
        let mut equations = Equations::default();
        for (row, node) in free.iter().enumerate() {
            equations.constant.push(0.0);
            let row = row as u32;
            let edges = self.topology.adjacency.at(*node);
            let scale = self.siemens(*node).recip();
            equations.matrix.push((row, row, 1.0));
            edges.iter().for_each(|(other, g)| self.add(&mut equations, row, *other, -g * scale));
            let from = self.flat.injected.partition_point(|(at, _)| at < node);
            let inputs = self.flat.injected[from..].iter().take_while(|(at, _)| at == node);
            inputs.for_each(|(_, input)| equations.driven.push((row, *input, scale)));
        }
        for (index, amp) in amps.iter().enumerate() {
            let (row, amp) = ((free.len() + index) as u32, &self.flat.amps[*amp as usize]);
            equations.constant.push(amp.inverse_gain * amp.mid + amp.offset);
            equations.matrix.push((row, row, amp.inverse_gain));
            self.add(&mut equations, row, amp.inp, -1.0);
            self.add(&mut equations, row, amp.inn, 1.0);
        }
        equations
    }

    /// Adds `coefficient * v(node)` to the left side of `row`.
    fn add(&self, equations: &mut Equations, row: u32, node: u32, coefficient: f64) {
        match (self.unknown[node as usize], self.flat.source[node as usize]) {
            (NONE, Source::Supply(volts)) => equations.constant[row as usize] -= coefficient * volts,
            (NONE, _) => equations.driven.push((row, self.slot_of[node as usize], -coefficient)),
            (unknown, _) => equations.matrix.push((row, unknown, coefficient)),
        }
    }

    fn combine(&mut self, equations: &Equations, y: &[f64], swing: (f64, f64)) -> Row {
        let offset = equations.constant.iter().zip(y).map(|(c, y)| c * y).sum();
        let mut slots = Vec::new();
        for (row, slot, coefficient) in &equations.driven {
            let weight = y[*row as usize] * coefficient;
            if weight == 0.0 {
                continue;
            }
            let at = *slot as usize;
            if !std::mem::replace(&mut self.seen[at], true) {
                slots.push(*slot);
            }
            self.sum[at] += weight;
        }
        slots.sort_unstable();
        let mut take = |slot: u32| {
            self.seen[slot as usize] = false;
            (slot, std::mem::take(&mut self.sum[slot as usize]))
        };
        Row {
            offset,
            terms: slots.into_iter().map(&mut take).collect(),
            swing,
            reach: 0.0,
            partner: None,
            noise: None,
        }
    }
}
