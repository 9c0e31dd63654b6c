//! A device under pulses and reads, and what came of them.

use super::{Error, Timing};
use crate::device::{Error as Halt, Trace, respond};
use memloom_ir::device::Device;

/// Local error of the states while pulses are integrated; the looser ones where a model's own iterations are rougher.
const EXACT: [f64; 3] = [1e-10, 1e-8, 1e-6];

/// A write pulse and what was read after it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pulse {
    /// Amplitude, volts.
    pub volts: f64,
    /// Conductance read after it, siemens.
    pub conductance: f64,
}

/// A device programmed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Programmed {
    /// Conductance read before the first pulse, siemens.
    pub before: f64,
    /// The pulses in order.
    pub pulses: Vec<Pulse>,
    /// Conductance read last, siemens.
    pub conductance: f64,
    /// The states at the end.
    pub state: Vec<f64>,
    /// Voltage of all pulses and reads, `(seconds, volts)`, straight between.
    pub wave: Vec<(f64, f64)>,
    /// Time of each read, seconds: the end of the read's flat part, one before the first pulse and one after each.
    pub reads: Vec<f64>,
}

/// A device on its way.
pub(super) struct Bench<'a> {
    device: &'a Device,
    timing: Timing,
    pub(super) done: Programmed,
}

impl<'a> Bench<'a> {
    /// A device that was read once.
    pub(super) fn new(device: &'a Device, start: &[f64], timing: Timing) -> Result<Self, Error> {
        let done = Programmed { state: start.to_vec(), wave: vec![(0.0, 0.0)], ..Default::default() };
        let mut bench = Self { device, timing, done };
        bench.done.before = bench.read()?;
        Ok(bench)
    }

    /// A pulse of `volts` and the read after it, siemens.
    pub(super) fn pulse(&mut self, volts: f64) -> Result<f64, Error> {
        self.hold(volts)?;
        let conductance = self.read()?;
        self.done.pulses.push(Pulse { volts, conductance });
        Ok(conductance)
    }

    /// A pulse of `volts` and a pause; the conductance at its end, siemens.
    fn hold(&mut self, volts: f64) -> Result<f64, Error> {
        let Timing { width, edge, .. } = self.timing;
        let from = self.done.wave.last().map_or(0.0, |point| point.0);
        let level = |after: f64, volts: f64| (from + after, volts);
        let points =
            [level(0.0, 0.0), level(edge, volts), level(edge + width, volts), level(2.0 * edge + width, 0.0)];
        let pause = level(2.0 * edge + 2.0 * width, 0.0);
        let wave = [points[0], points[1], points[2], points[3], pause];
        let trace = follow(self.device, &self.done.state, &wave)?;
        self.done.wave.extend(&wave[1..]);
        self.done.state.clone_from(&trace.states[4]);
        Ok(trace.current[2] / volts)
    }

    fn read(&mut self) -> Result<f64, Error> {
        let read = self.hold(self.timing.v_read)?;
        let end = self.done.wave[self.done.wave.len() - 3].0;
        self.done.reads.push(end);
        self.done.conductance = read;
        Ok(read)
    }
}

/// The response as exactly as it can be had.
pub(super) fn follow(device: &Device, start: &[f64], wave: &[(f64, f64)]) -> Result<Trace, Halt> {
    let [first, others @ ..] = EXACT;
    let first = respond(device, start, wave, first);
    others.into_iter().fold(first, |done, error| match done {
        Err(Halt::Stuck { .. }) => respond(device, start, wave, error),
        done => done,
    })
}
