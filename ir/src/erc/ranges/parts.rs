//! Crossbars, op-amps and activation circuits.

use super::module::{Walk, Wire};
use super::{Interval, Key, note};
use crate::{ABSENT, Behaviour, Crossbar, Function, Instance, Nature, OpAmp};
use std::rc::Rc;

/// Room for rounding, as a part of a limit.
const ROUNDING: f64 = 1e-6;

/// Current into a node at a voltage `v`: `i - g v`.
#[derive(Clone, Default)]
pub(super) struct Feed {
    g: f64,
    /// `None` if a source is unknown.
    i: Option<Interval>,
    cells: Vec<Cells>,
}

/// The cells of a column.
#[derive(Clone)]
struct Cells {
    key: Key,
    path: Rc<str>,
    /// Voltages of their wordlines, as far as known.
    rows: Interval,
    v_read: f64,
}

impl Wire {
    /// Takes a declared range: of a voltage in place of what is known, of a current where its sources are not known.
    pub(super) fn declare(&mut self, nature: Nature, range: Interval) {
        match nature {
            Nature::Current => {
                let feed = self.feed.get_or_insert_default();
                if feed.i.is_none() {
                    // The current itself, whatever its sources' conductance.
                    (feed.g, feed.i) = (0.0, Some(range));
                }
            }
            Nature::Voltage | Nature::Select => self.volts = Some(range),
        }
    }

    /// Adds what another driver does: currents sum.
    pub(super) fn add(&mut self, other: Self) {
        if self.volts.is_none() {
            self.volts = other.volts;
        }
        let Some(feed) = other.feed else { return };
        match &mut self.feed {
            None => self.feed = Some(feed),
            Some(sum) => {
                sum.g += feed.g;
                sum.i = sum.i.zip(feed.i).map(|(a, b)| a + b);
                sum.cells.extend(feed.cells);
            }
        }
    }
}

impl Walk<'_> {
    /// Each column's current, and what its cells' wordlines are at.
    pub(super) fn crossbar(&mut self, key: Key, array: &Crossbar, rows: &[usize], cols: &[usize]) {
        let v_read = self.design.cells[array.cell()].v_read;
        let mut feeds = vec![Feed { g: 0.0, i: Some(Interval::ZERO), cells: Vec::new() }; cols.len()];
        let mut spans: Vec<Option<Interval>> = vec![None; cols.len()];
        for (row, node) in rows.iter().enumerate() {
            let volts = self.wires[*node].volts;
            for (col, g) in array.row(row as u32).iter().enumerate().filter(|(_, g)| **g != ABSENT) {
                let g = f64::from(*g);
                feeds[col].g += g;
                feeds[col].i = feeds[col].i.zip(volts).map(|(sum, v)| sum + v * g);
                spans[col] = match (spans[col], volts) {
                    (Some(span), Some(v)) => Some(span.hull(v)),
                    (span, v) => span.or(v),
                };
            }
        }
        for ((node, mut feed), span) in cols.iter().zip(feeds).zip(spans) {
            feed.cells.extend(span.map(|rows| Cells { key, path: self.path.clone(), rows, v_read }));
            self.wires[*node].add(Wire { volts: None, feed: Some(feed) });
        }
    }

    /// The output that makes the inputs equal, and the voltage of the cells at its summing node.
    pub(super) fn op_amp(&mut self, key: Key, amp: &OpAmp, pins: &[Vec<usize>]) {
        let (inp, inn, out) = (pins[0][0], pins[1][0], pins[2][0]);
        let Some(ground) = self.wires[inp].volts else { return };
        let volts = if inn == out { Some(ground) } else { self.summed(ground, inn, out) };
        let Some(volts) = volts else { return };
        let room = ROUNDING * (amp.swing.1 - amp.swing.0);
        if volts.low < amp.swing.0 - room || volts.high > amp.swing.1 + room {
            note(&mut self.found.outputs, key, &self.path, volts);
        }
        self.wires[out].add(Wire { volts: Some(volts.clamp(amp.swing)), feed: None });
    }

    /// Output of an amplifier that sums currents at the node `inn`, which it holds at `ground`.
    fn summed(&mut self, ground: Interval, inn: usize, out: usize) -> Option<Interval> {
        let feed =
            self.wires[inn].feed.clone().unwrap_or(Feed { i: Some(Interval::ZERO), ..Feed::default() });
        let resistors = self.resistors.get(&inn).map_or(&[][..], Vec::as_slice);
        let feedback: f64 = resistors.iter().filter(|(other, _)| *other == out).map(|(_, g)| g).sum();
        if feedback <= 0.0 || !feedback.is_finite() {
            return None;
        }
        for cells in &feed.cells {
            let across = cells.rows - ground;
            if across.magnitude() > cells.v_read * (1.0 + ROUNDING) {
                note(&mut self.found.cells, cells.key, &cells.path, across);
            }
        }
        let (mut g, mut i) = (feed.g, feed.i?);
        for (other, siemens) in resistors.iter().filter(|(other, _)| *other != out) {
            (g, i) = (g + siemens, i + self.wires[*other].volts? * *siemens);
        }
        Some(ground * (1.0 + g / feedback) - i * feedback.recip())
    }

    /// An activation's output over the range of its input.
    pub(super) fn behaviour(
        &mut self,
        instance: &Instance,
        behaviour: &Behaviour,
        copy: u32,
        pins: &[Vec<usize>],
    ) {
        let at = |name: &str| {
            let specs = instance.element.pins(self.design);
            specs.iter().position(|pin| pin.name == name).map(|pin| pins[pin][0])
        };
        let (Some(inp), Some(out), Some(v_ref)) = (at("inp"), at("out"), at("v_ref")) else { return };
        let (Some(v), Some(zero)) = (self.wires[inp].volts, self.wires[v_ref].volts) else { return };
        let unit = |name: &str| match instance.args.get(name) {
            Some(values) => values[if values.len() == 1 { 0 } else { copy as usize }],
            None => behaviour.unit,
        };
        let x = (v - zero) * unit("unit_in").recip();
        let Some(y) = activation(&behaviour.function, x) else { return };
        let volts = (zero + y * unit("unit_out")).clamp(behaviour.swing);
        self.wires[out].add(Wire { volts: Some(volts), feed: None });
    }
}

/// The range of an activation, where it is known how it turns: of a user's own it is not.
fn activation(function: &Function, x: Interval) -> Option<Interval> {
    let Function::Activation(activation) = function else { return None };
    let (least, most) = activation.range(x.low, x.high);
    Some(Interval::point(least).hull(Interval::point(most)))
}
