//! A step in double precision, operation by operation, on the buffers of the batched form.

use super::super::elaborate::Driver;
use super::super::kernel::{self, Tally};
use super::super::noise::Draw;
use super::draws::Draws;
use super::lanes::LANES;
use super::machine::{Batch, Machine};
use super::source::{Pool, Source, stride};

/// Lanes that run together: the program's own block.
const BLOCK: usize = kernel::LANES;

/// Slots of a program, kept from step to step.
pub(super) type Slots = kernel::Slots<BLOCK>;

impl Machine<'_, '_> {
    /// The value of any wire, volts or amperes; a wire of one tick holds it.
    pub(super) fn value(&self, pool: &Pool, wire: u32, lane: usize, tick: usize) -> f64 {
        let circuit = &self.evaluator.circuit;
        match circuit.driver[wire as usize] {
            Driver::Supply(volts) => volts,
            Driver::Tap { channel, tap } => {
                let held = self.held[channel as usize];
                let channel = &circuit.channels[channel as usize];
                let tick = if channel.store.read_ticks() == 1 { 0 } else { tick as u32 };
                match (channel.store.pixel(tick, tap), held) {
                    (Some(pixel), Some(row)) => self.at(pool, row, lane, pixel as usize, channel.inp),
                    (Some(pixel), None) => self.value(pool, channel.inp, lane, pixel as usize),
                    (None, _) => self.value(pool, channel.v_ref, lane, 0),
                }
            }
            _ => {
                let row = self.rows[wire as usize].expect("a wire that a step or an input sets");
                self.at(pool, row, lane, tick, wire)
            }
        }
    }

    /// Copies the values of `wire`, about its pedestal, tick by tick.
    pub(super) fn copy(&self, pool: &Pool, wire: u32, to: &mut [f32]) {
        for (tick, cell) in to.chunks_exact_mut(LANES).enumerate() {
            let pedestal = self.pedestals[wire as usize];
            let value = |lane| (self.value(pool, wire, lane, tick) - pedestal) as f32;
            cell.iter_mut().enumerate().for_each(|(lane, to)| *to = value(lane));
        }
    }

    /// What `row` has at `tick`, about the pedestal of `wire`.
    fn at(&self, pool: &Pool, row: Source, lane: usize, tick: usize, wire: u32) -> f64 {
        let deviation = pool.cells(row)[tick * row.step * LANES + lane];
        f64::from(deviation) + self.pedestals[wire as usize]
    }

    /// Runs the program of a step.
    pub(super) fn run_exact(
        &self,
        batch: &Batch,
        pool: &mut Pool,
        slots: &mut Slots,
        draws: &Draws,
    ) -> Tally {
        let step = &self.evaluator.plan.steps[batch.step];
        let program = &self.evaluator.plan.programs[step.program as usize];
        slots.resize(program.slot_count().max(slots.len()), [0.0; BLOCK]);
        let mut lanes = pool.take(batch.out);
        let mut tally = Tally::default();
        let all = batch.ticks * LANES;
        for first in (0..all).step_by(BLOCK) {
            let used = BLOCK.min(all - first);
            for (wire, slot) in step.inputs.iter().zip(slots.iter_mut()) {
                for (at, value) in slot.iter_mut().enumerate() {
                    let at = first + at.min(used - 1);
                    *value = self.value(pool, *wire, at % LANES, at / LANES);
                }
            }
            let lane = |at: usize| first + at.min(used - 1);
            let draw = self.evaluator.noise().map(|seed| Draw {
                seed,
                image: std::array::from_fn(|at| draws.images[lane(at) % LANES]),
                position: std::array::from_fn(|at| batch.position.wrapping_add((lane(at) / LANES) as u32)),
                ticks: batch.ticks as u32,
            });
            tally.add(&program.run_block(&mut slots[..program.slot_count()], used, draw.as_ref()));
            for (index, (wire, operand)) in step.outputs.iter().zip(&program.outputs).enumerate() {
                let pedestal = self.pedestals[*wire as usize];
                let row = &mut lanes.get_mut()[index * stride(batch.ticks) * LANES + first..][..used];
                for (at, deviation) in row.iter_mut().enumerate() {
                    *deviation = (kernel::value(operand, slots, at) - pedestal) as f32;
                }
            }
        }
        pool.put(batch.out, lanes);
        tally
    }
}
