//! A plan in its batched form: which buffer each wire's values stand in, and a layer for each step.

use super::super::Evaluator;
use super::super::elaborate::Driver;
use super::super::plan::{Item, Step};
use super::super::state::Layout;
use super::fuse::fuse;
use super::hold::{Cells, From, Hold};
use super::layer::{Builder, Input, Layer, Tap};
use super::source::{Leases, Source, stride};
use super::sums::{Fused, Guard, Output, UNLIMITED};

/// What runs for a step.
pub(super) struct Batch {
    /// What frame memories hold with noise that is read from here on.
    pub(super) holds: Vec<Hold>,
    /// Number of the step.
    pub(super) step: usize,
    /// The buffer and ticks of its outputs.
    pub(super) out: usize,
    pub(super) ticks: usize,
    /// Position of its noise.
    pub(super) position: u32,
    /// Its stages, unless it has no batched form.
    pub(super) layer: Option<Layer>,
    pub(super) checks: Vec<Check>,
}

/// The stages of a step are right while all values of a row are within limits.
pub(super) struct Check {
    pub(super) source: Source,
    pub(super) cells: usize,
    pub(super) limit: (f64, f64),
}

/// A plan for images of one layout.
pub(super) struct Machine<'e, 'd> {
    pub(super) evaluator: &'e Evaluator<'d>,
    pub(super) layout: Layout,
    /// The row of each wire that is an input or a step's output; it holds until the last reader has run.
    pub(super) rows: Vec<Option<Source>>,
    /// What the cells of each channel of a frame memory hold, where that is another thing than what was written.
    pub(super) held: Vec<Option<Source>>,
    /// What each wire's values are deviations from.
    pub(super) pedestals: Vec<f64>,
    pub(super) batches: Vec<Batch>,
    /// What is held after the last step.
    pub(super) last_holds: Vec<Hold>,
    /// Cells of each buffer.
    pub(super) buffers: Vec<usize>,
}

/// Places in the order of steps.
struct Ends {
    wires: Vec<usize>,
    /// Of what channels hold.
    channels: Vec<usize>,
}

struct Planner<'e, 'd> {
    machine: Machine<'e, 'd>,
    /// What an output was limited to, by wire.
    ranges: Vec<(f64, f64)>,
    leases: Leases,
    /// What the next step is to hold before it runs.
    holds: Vec<Hold>,
    /// Position of the next step's noise.
    position: u32,
}

impl<'e, 'd> Machine<'e, 'd> {
    pub(super) fn new(evaluator: &'e Evaluator<'d>, layout: Layout) -> Self {
        let wires = evaluator.circuit.driver.len();
        let mut pedestals = vec![reference(evaluator); wires];
        evaluator.circuit.injected.iter().for_each(|(_, source)| pedestals[*source as usize] = 0.0);
        let (batches, buffers) = (Vec::new(), Vec::new());
        let (rows, held) = (vec![None; wires], vec![None; evaluator.circuit.channels.len()]);
        let last_holds = Vec::new();
        let machine = Machine { evaluator, layout, rows, held, pedestals, batches, last_holds, buffers };
        let (ranges, leases, holds) = (vec![UNLIMITED; wires], Leases::default(), Vec::new());
        let mut planner = Planner { machine, ranges, leases, holds, position: 0 };
        planner.plan();
        Machine { buffers: planner.leases.cells, ..planner.machine }
    }

    /// What a wire is to a step.
    pub(super) fn input(&self, wire: u32) -> Option<Input> {
        let circuit = &self.evaluator.circuit;
        match circuit.driver[wire as usize] {
            Driver::Supply(volts) => Some(Input::Constant(volts - self.pedestals[wire as usize])),
            Driver::Tap { channel, tap } => {
                let held = self.held[channel as usize].map(Input::Row);
                let channel = &circuit.channels[channel as usize];
                let store = channel.store;
                let Some(Input::Constant(padding)) = self.input(channel.v_ref) else { return None };
                let Some(Input::Row(frame)) = held.or_else(|| self.input(channel.inp)) else { return None };
                let still = |first| Some(Input::Row(Source { first, step: 0, ..frame }));
                match (store.is_whole(), store.taps(), store.padding) {
                    (true, ..) => still(frame.first + tap as usize * frame.step),
                    (_, _, 0) if frame.step == 0 => still(frame.first),
                    (_, 1, 0) if store.stride == 1 => Some(Input::Row(frame)),
                    _ => Some(Input::Tap(Tap { frame, store, tap, padding })),
                }
            }
            _ => self.rows[wire as usize].map(Input::Row),
        }
    }
}

/// The pedestal of voltages: what frame memories and activations refer to, or bitlines with noise.
pub(in super::super) fn reference(evaluator: &Evaluator<'_>) -> f64 {
    let of_grounds = || {
        let noise = evaluator.plan.programs.iter().flat_map(|program| &program.rows.noise);
        noise.flat_map(|noise| &noise.squares).map(|square| square.ground).next()
    };
    evaluator.plan.reference(&evaluator.circuit).or_else(of_grounds).unwrap_or(0.0)
}

impl Planner<'_, '_> {
    fn plan(&mut self) {
        let evaluator = self.machine.evaluator;
        let ends = self.last_uses();
        let inputs: Vec<u32> =
            evaluator.circuit.inputs.iter().flat_map(|port| port.wires.iter().copied()).collect();
        // What each buffer holds is needed until a step has run.
        let mut until = vec![(self.place(&inputs), last(&ends.wires, &inputs))];
        let mut waiting = Vec::new();
        for item in &evaluator.plan.items {
            let number = match item {
                Item::Step(number) => number,
                Item::Channel(channel) if evaluator.hold.is_some() => {
                    waiting.push(*channel);
                    continue;
                }
                Item::Channel(_) => continue,
            };
            if !waiting.is_empty() {
                let held = self.hold(&std::mem::take(&mut waiting));
                until.extend(held.into_iter().map(|(buffer, channels)| {
                    (
                        buffer,
                        channels.iter().map(|channel| ends.channels[*channel as usize]).max().unwrap_or(0),
                    )
                }));
            }
            let (number, step) = (*number as usize, &evaluator.plan.steps[*number as usize]);
            let out = self.step(number, step);
            until.push((out, last(&ends.wires, &step.outputs)));
            until.retain(|(buffer, end)| {
                let needed = *end > self.machine.batches.len() - 1;
                if !needed {
                    self.leases.give_back(*buffer);
                }
                needed
            });
        }
        self.hold(&waiting);
        self.machine.last_holds = std::mem::take(&mut self.holds);
    }

    /// The place in the order of steps at which each wire is read last; ports are read after all.
    fn last_uses(&self) -> Ends {
        let evaluator = self.machine.evaluator;
        let circuit = &evaluator.circuit;
        let mut ends =
            Ends { wires: vec![0; circuit.driver.len()], channels: vec![0; circuit.channels.len()] };
        let mut place = 0;
        for item in &evaluator.plan.items {
            match item {
                Item::Step(step) => {
                    let step = &evaluator.plan.steps[*step as usize];
                    step.inputs.iter().for_each(|wire| self.read(*wire, place, &mut ends));
                    place += 1;
                }
                Item::Channel(channel) if evaluator.hold.is_some() => {
                    self.read(circuit.channels[*channel as usize].inp, place, &mut ends);
                }
                Item::Channel(_) => {}
            }
        }
        let ports = evaluator.circuit.outputs.iter().flat_map(|port| &port.wires);
        ports.for_each(|wire| self.read(*wire, usize::MAX, &mut ends));
        ends
    }

    fn read(&self, wire: u32, place: usize, ends: &mut Ends) {
        ends.wires[wire as usize] = place;
        let Evaluator { circuit, hold, .. } = self.machine.evaluator;
        if let Driver::Tap { channel, .. } = circuit.driver[wire as usize] {
            ends.channels[channel as usize] = place;
            let channel = &circuit.channels[channel as usize];
            self.read(channel.v_ref, place, ends);
            if hold.is_none() {
                self.read(channel.inp, place, ends);
            }
        }
    }

    /// Plans what `channels` hold: a buffer, with its channels.
    fn hold(&mut self, channels: &[u32]) -> Option<(usize, Vec<u32>)> {
        let Evaluator { circuit, hold, .. } = self.machine.evaluator;
        let sigma = (*hold)?;
        let of = |channel: &u32| &circuit.channels[*channel as usize];
        let pixels = |channel: &u32| of(channel).store.write_ticks() as usize;
        let stride = stride(channels.iter().map(pixels).max()?);
        let buffer = self.leases.lease(channels.len() * stride);
        let mut cells = Vec::with_capacity(channels.len());
        for (index, channel) in channels.iter().enumerate() {
            let (first, pixels) = (index * stride, pixels(channel));
            let from = match self.machine.input(of(channel).inp) {
                Some(Input::Row(source)) => From::Row(source),
                Some(Input::Constant(value)) => From::Constant(value as f32),
                _ => From::Wire(of(channel).inp),
            };
            cells.push(Cells { from, pixels, first, position: self.position });
            self.position = self.position.wrapping_add(pixels as u32);
            self.machine.held[*channel as usize] =
                Some(Source { buffer, first, step: usize::from(pixels > 1) });
        }
        self.holds.push(Hold::new(buffer, cells, sigma));
        Some((buffer, channels.to_vec()))
    }

    /// Gives `wires` rows in one buffer, a stride of the longest apart.
    fn place(&mut self, wires: &[u32]) -> usize {
        let ticks = |wire: &u32| self.machine.layout.ticks(*wire);
        let stride = stride(wires.iter().map(ticks).max().unwrap_or(1));
        let buffer = self.leases.lease(wires.len() * stride);
        for (index, wire) in wires.iter().enumerate() {
            let step = usize::from(self.machine.layout.ticks(*wire) > 1);
            self.machine.rows[*wire as usize] = Some(Source { buffer, first: index * stride, step });
        }
        buffer
    }

    fn step(&mut self, number: usize, step: &Step) -> usize {
        let machine = &self.machine;
        let program = &machine.evaluator.plan.programs[step.program as usize];
        let ticks = step.outputs.first().map_or(1, |wire| machine.layout.ticks(*wire));
        let of_inputs: Vec<f64> = step.inputs.iter().map(|wire| machine.pedestals[*wire as usize]).collect();
        let pedestal = reference(machine.evaluator);
        let inputs: Option<Vec<Input>> = step.inputs.iter().map(|wire| machine.input(*wire)).collect();
        let fused = inputs.zip(fuse(program, &of_inputs, pedestal));
        let checked = fused.and_then(|(inputs, fused)| {
            let checks = self.checks(step, &inputs, &fused.guards)?;
            Some((inputs, fused, checks))
        });
        let out = self.place(&step.outputs);
        let position = self.position;
        self.position = self.machine.evaluator.plan.next_position(position, step, &self.machine.layout);
        let holds = std::mem::take(&mut self.holds);
        let mut batch = Batch { holds, step: number, out, ticks, position, layer: None, checks: Vec::new() };
        if let Some((inputs, fused, checks)) = checked {
            let scratch = self.leases.lease(0);
            batch.layer = Builder::build(&fused, &inputs, ticks, (out, scratch), position);
            batch.checks = checks;
            let cells = batch.layer.as_ref().map_or(0, Layer::scratch_cells);
            self.leases.cells[scratch] = self.leases.cells[scratch].max(cells);
            self.leases.give_back(scratch);
            if batch.layer.is_some() {
                self.limit(step, &fused);
            }
        }
        self.machine.batches.push(batch);
        out
    }

    /// Remembers what the outputs are limited to.
    fn limit(&mut self, step: &Step, fused: &Fused) {
        for (wire, output) in step.outputs.iter().zip(&fused.outputs) {
            self.ranges[*wire as usize] = match output {
                Output::Sum(sum) => sum.post.map_or(sum.limit, |post| post.limit),
                Output::Product(product) => product.limit,
            };
        }
    }

    /// The guards that do not hold by themselves, one per row. `None` if one cannot hold.
    fn checks(&self, step: &Step, inputs: &[Input], guards: &[Guard]) -> Option<Vec<Check>> {
        let mut checks: Vec<Check> = Vec::new();
        for Guard { input, limit } in guards {
            let within = |(lo, hi): (f64, f64)| lo >= limit.0 && hi <= limit.1;
            let known = self.range(step.inputs[*input as usize]);
            let (source, cells) = match inputs[*input as usize] {
                Input::Constant(value) if within((value, value)) => continue,
                Input::Constant(_) => return None,
                _ if within(known) => continue,
                Input::Row(source) => (source, self.cells(step.inputs[*input as usize], source)),
                Input::Tap(tap) if within((tap.padding, tap.padding)) => {
                    (tap.frame, if tap.frame.step == 0 { 1 } else { tap.store.write_ticks() as usize })
                }
                Input::Tap(_) => return None,
            };
            match checks.iter_mut().rev().find(|check| check.source == source) {
                Some(check) => check.limit = (check.limit.0.max(limit.0), check.limit.1.min(limit.1)),
                None => checks.push(Check { source, cells, limit: *limit }),
            }
        }
        Some(checks)
    }

    fn cells(&self, wire: u32, source: Source) -> usize {
        if source.step == 0 { 1 } else { self.machine.layout.ticks(wire) }
    }

    /// What a wire's values are known to lie within.
    fn range(&self, wire: u32) -> (f64, f64) {
        let circuit = &self.machine.evaluator.circuit;
        let Driver::Tap { channel, .. } = circuit.driver[wire as usize] else {
            return self.ranges[wire as usize];
        };
        let channel = &circuit.channels[channel as usize];
        let frame = self.range(channel.inp);
        match self.machine.input(channel.v_ref) {
            Some(Input::Constant(padding)) => (frame.0.min(padding), frame.1.max(padding)),
            _ => UNLIMITED,
        }
    }
}

/// When the last of `wires` is read.
fn last(ends: &[usize], wires: &[u32]) -> usize {
    wires.iter().map(|wire| ends[*wire as usize]).max().unwrap_or(0)
}
