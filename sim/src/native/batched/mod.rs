//! The batched evaluator: the same programs in single precision, sixteen images side by side.
//!
//! Each step's [`Program`](super::Program) is fused into sums of its inputs (`fuse`), which are computed as matrix
//! products, windows over frames, or one by one (`layer`). Values are deviations from the reference rail. A step that
//! has no such form, or whose op-amps a batch of images drives to their rails where the form has no limit, runs as its
//! program says, in double precision (`exact`): results differ from [`Evaluator::run_batch`] by rounding only.

mod dense;
mod draws;
mod exact;
mod finish;
mod fuse;
mod group;
mod hold;
mod lanes;
mod layer;
mod machine;
mod normals;
mod shared;
mod source;
mod sparse;
mod sums;
mod unfold;
mod window;

use super::evaluator::{Evaluator, Matrix, Signals};
use super::state::Layout;
use super::{Error, Tally, elaborate::NamedNet};
use draws::Draws;
use hold::Hold;
use lanes::{LANES, Lanes};
pub(super) use machine::reference;
use machine::{Batch, Check, Machine};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;
use source::Pool;
use std::ops::Range;
use std::sync::Mutex;

/// A design, compiled for many images in single precision; see [`Evaluator::batched`].
pub struct Batched<'e, 'd> {
    machine: Machine<'e, 'd>,
    /// Ticks of each input wire.
    ticks: Vec<u32>,
    /// What threads have left for the next ones: as many as ever ran at once.
    states: Mutex<Vec<State>>,
}

/// What one thread works in.
#[derive(Default)]
struct State {
    pool: Pool,
    plane: Lanes,
    slots: exact::Slots,
    /// Steps that ran in double precision.
    exact: usize,
    /// What these met.
    tally: Tally,
}

impl<'d> Evaluator<'d> {
    /// Compiles the circuit for many images whose input ports have the ticks of `like`, in single precision.
    ///
    /// Outputs differ from those of [`Evaluator::run_batch`] by rounding: for MobileNetV3, less than `1e-5` of the
    /// span of an image's logits.
    ///
    /// # Errors
    /// As [`Evaluator::run`].
    pub fn batched(&self, like: &Signals) -> Result<Batched<'_, 'd>, Error> {
        let ticks = self.ticks(like)?;
        let machine = Machine::new(self, Layout::new(&self.circuit, &self.plan, &ticks, self.hold)?);
        Ok(Batched { machine, ticks, states: Mutex::default() })
    }
}

impl Batched<'_, '_> {
    /// The voltage output ports for each of `images`, of which `image` gives the inputs, on all threads. Memory is
    /// bounded by the number of threads, and no result depends on it, nor on which images are evaluated together:
    /// noise is drawn by an image's number.
    ///
    /// # Errors
    /// As [`Evaluator::run_batch`].
    pub fn run(
        &self,
        images: Range<usize>,
        image: impl Fn(usize) -> Signals + Sync,
    ) -> Result<Vec<Signals>, Error> {
        let Range { start, end } = images;
        let firsts: Vec<_> = (start..end).step_by(LANES).collect();
        let states = || self.states.lock().expect("no thread panics while it holds them");
        let group = |first: &usize| {
            let images: Vec<_> = (*first..end.min(first + LANES)).map(&image).collect();
            let mut state = states().pop().unwrap_or_default();
            let outputs = self.group(&mut state, &images, *first);
            states().push(state);
            outputs
        };
        let groups: Vec<Result<_, Error>> = firsts.par_iter().map(group).collect();
        let mut outputs = Vec::with_capacity(end.saturating_sub(start));
        for group in groups {
            outputs.extend(group?);
        }
        Ok(outputs)
    }

    /// Names of the blocks that have no batched form and run in double precision.
    pub fn exact_blocks(&self) -> Vec<&str> {
        let plan = &self.machine.evaluator.plan;
        let exact = self.machine.batches.iter().filter(|batch| batch.layer.is_none());
        exact.map(|batch| plan.blocks[plan.steps[batch.step].block as usize].as_str()).collect()
    }

    fn group(&self, state: &mut State, images: &[Signals], first: usize) -> Result<Vec<Signals>, Error> {
        let machine = &self.machine;
        state.pool.reserve(&machine.buffers);
        self.fill(state, images)?;
        let seed = machine.evaluator.noise().unwrap_or_default();
        let draws = Draws { seed, images: std::array::from_fn(|lane| (first + lane) as u32) };
        for batch in &machine.batches {
            Arch::new().dispatch(RunStep { machine, batch, state, draws: &draws });
        }
        let State { pool, tally, .. } = state;
        for hold in &machine.last_holds {
            Arch::new().dispatch(RunHold { machine, hold, pool, draws: &draws });
        }
        std::mem::take(tally).check()?;
        let ports = &machine.evaluator.circuit.outputs;
        Ok((0..images.len()).map(|lane| self.outputs(ports, &state.pool, lane)).collect())
    }

    /// Writes the inputs; idle lanes repeat the last image.
    fn fill(&self, state: &mut State, images: &[Signals]) -> Result<(), Error> {
        let machine = &self.machine;
        let inputs = &machine.evaluator.circuit.inputs;
        for (index, image) in images.iter().enumerate() {
            if machine.evaluator.ticks(image)? != self.ticks {
                let what = format!("has other ticks in image {index}; give all images the same");
                return Err(Error::Input { port: inputs[0].name.clone(), what });
            }
        }
        let wires = inputs.iter().flat_map(|port| port.wires.iter().enumerate().map(move |w| (port, w)));
        for (port, (bit, wire)) in wires {
            let row = machine.rows[*wire as usize].expect("inputs have rows");
            let pedestal = machine.pedestals[*wire as usize];
            let dac = machine.evaluator.dac(*wire);
            let mut lanes = state.pool.take(row.buffer);
            let cells = &mut lanes.get_mut()[row.first * LANES..];
            for lane in 0..LANES {
                let image = &images[lane.min(images.len() - 1)];
                let values = image[port.name.as_str()].wire(bit);
                let to = cells[lane..].iter_mut().step_by(LANES);
                let converted = |value: &f64| dac.map_or(*value, |dac| dac.convert(*value));
                to.zip(values).for_each(|(cell, value)| *cell = (converted(value) - pedestal) as f32);
            }
            state.pool.put(row.buffer, lanes);
        }
        Ok(())
    }

    fn outputs(&self, ports: &[NamedNet], pool: &Pool, lane: usize) -> Signals {
        let machine = &self.machine;
        let mut signals = Signals::new();
        for port in ports {
            let ticks = port.wires.iter().map(|wire| machine.layout.ticks(*wire)).max().unwrap_or(1);
            let of_wire = |wire: &u32| {
                let wire = *wire;
                (0..ticks).map(move |tick| machine.value(pool, wire, lane, tick))
            };
            let values = port.wires.iter().flat_map(of_wire).collect();
            let mut matrix = Matrix::new(port.wires.len(), values);
            if let Some(adc) = machine.evaluator.adc() {
                matrix.map(|volts| adc.convert(volts));
            }
            signals.insert(port.name.clone(), matrix);
        }
        signals
    }
}

struct RunStep<'a, 'e, 'd> {
    machine: &'a Machine<'e, 'd>,
    batch: &'a Batch,
    state: &'a mut State,
    draws: &'a Draws,
}

impl WithSimd for RunStep<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { machine, batch, state, draws } = self;
        batch.holds.iter().for_each(|hold| hold.run(simd, machine, &mut state.pool, draws));
        match &batch.layer {
            Some(layer) if batch.checks.iter().all(|check| check.holds(simd, &state.pool)) => {
                layer.run(simd, &mut state.pool, &mut state.plane, draws);
            }
            _ => {
                state.exact += 1;
                let tally = machine.run_exact(batch, &mut state.pool, &mut state.slots, draws);
                state.tally.add(&tally);
            }
        }
    }
}

struct RunHold<'a, 'e, 'd> {
    machine: &'a Machine<'e, 'd>,
    hold: &'a Hold,
    pool: &'a mut Pool,
    draws: &'a Draws,
}

impl WithSimd for RunHold<'_, '_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        self.hold.run(simd, self.machine, self.pool, self.draws);
    }
}

impl Check {
    #[inline(always)]
    fn holds<S: Simd>(&self, simd: S, pool: &Pool) -> bool {
        let values = S::as_simd_f32s(&pool.cells(self.source)[..self.cells * LANES]).0;
        let (mut lo, mut hi) = (simd.splat_f32s(f32::INFINITY), simd.splat_f32s(f32::NEG_INFINITY));
        for value in values {
            lo = simd.min_f32s(lo, *value);
            hi = simd.max_f32s(hi, *value);
        }
        let (lo, hi) = (f64::from(simd.reduce_min_f32s(lo)), f64::from(simd.reduce_max_f32s(hi)));
        lo >= self.limit.0 && hi <= self.limit.1
    }
}
