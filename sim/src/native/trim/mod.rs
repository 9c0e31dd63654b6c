//! The trim of offsets after programming.
//!
//! Offsets do not move, so what they add to a column's output can be measured once and cancelled. The image is held at
//! zero and so is the input of every activation circuit; then whatever a column's output differs from the design's is
//! an error that is always there: its own op-amp's offset, those of its row drivers, of amplifiers that add partial
//! sums, and of what stands before the layer (adders, poolings, activation circuits). From the highest rail to the
//! lowest, the cell that the column has there, or a new one, is programmed to the level that leaves least of the error,
//! and the output is measured again, so that a lower rail also undoes the programming error of a higher one. Cells
//! that are stuck are passed over. Tiles of partial sums are brought to their own outputs, the last one to that of the
//! amplifier that adds them.
//!
//! A measurement is an average of reads with the chip's own noise. What a cell would move is told by the circuit as it
//! was before the round; the next round takes up what this one's cells have changed in it. Without wires the second
//! leaves next to nothing. Along a rail's wordline, though, each cell takes voltage from those behind it, so that rounds
//! go on for as long as each leaves less than half of what it found.

mod columns;

use super::elaborate::{Driver, Elaborated};
use super::kernel::behaviour;
use super::levers::Array;
use super::options::Setting;
use super::plan::{Item, Plan, Step, plan};
use super::program::{MapOp, Op, Operand, Program};
use super::{Error, Options};
use crate::chip::{Chip, Programmer, Trim, Trimmed, step};
use columns::{Bitline, Column, columns, terms};
use memloom_ir::{Cell, CellNetlist, Design, Function};

/// Most rounds of measuring and programming.
const ROUNDS: u32 = 6;
/// Errors that are so much smaller than the first round's are left as they come out of theirs.
const SMALL: f64 = 1e-3;
/// Attempts at one column in a round are numbered from a multiple of this.
const ATTEMPTS: u32 = 64;

/// Cells that trim the chip of `setting`, a chip of `design`, whose elaboration is `circuit`.
pub(super) fn trim(
    design: &Design,
    circuit: &Elaborated<'_>,
    setting: Setting<'_>,
    (chip, trim): (&Chip, Trim),
) -> Result<Trimmed, Error> {
    if let Some((_, name, _)) = design.cells.iter().find(|(.., cell)| cell.netlist == CellNetlist::Device) {
        return Err(Error::TrimOfDevices(name.to_owned()));
    }
    let options = Options { offset: Some(0.0), ignore_rails: true, watch_cells: false, ..setting.options };
    let wanted = plan(design, circuit, Setting { options, chip: None, levers: true })?;
    let mut trimmed = Trimmed::default();
    let mut errors: Vec<f64> = Vec::new();
    for round in 0..ROUNDS {
        let made = chip.fresh(trimmed.clone());
        let options = Options { ignore_rails: true, watch_cells: false, ..setting.options };
        let found = plan(design, circuit, Setting { options, chip: Some(&made), levers: true })?;
        let plans = [&wanted, &found];
        let mut round =
            Round { design, circuit, plans, chip: &made, trim, round, trimmed: &mut trimmed, error: 0.0 };
        round.run()?;
        let error = round.error;
        let settled = |first: &f64| error <= SMALL * first;
        if errors.first().is_some_and(settled) || errors.last().is_some_and(|last| error > 0.5 * last) {
            break;
        }
        errors.push(error);
    }
    Ok(trimmed)
}

struct Round<'a, 'd> {
    design: &'a Design,
    circuit: &'a Elaborated<'d>,
    /// The circuit as designed, and the chip's.
    plans: [&'a Plan; 2],
    chip: &'a Chip,
    trim: Trim,
    round: u32,
    trimmed: &'a mut Trimmed,
    /// Sum of what columns were off when they were measured, volts.
    error: f64,
}

/// Voltages of a program's slots at rest.
struct Rest {
    volts: Vec<[f64; 1]>,
    /// Square volts of noise.
    variance: Vec<f64>,
}

impl Round<'_, '_> {
    fn run(&mut self) -> Result<(), Error> {
        let mut rest = [0, 1].map(|_| vec![self.reference(); self.circuit.driver.len()]);
        for item in &self.plans[0].items {
            let Item::Step(step) = item else { continue };
            let steps = self.plans.map(|plan| &plan.steps[*step as usize]);
            let volts = self.step(steps, &rest)?;
            for ((rest, step), volts) in rest.iter_mut().zip(steps).zip(volts) {
                step.outputs.iter().zip(volts).for_each(|(wire, volts)| rest[*wire as usize] = volts);
            }
        }
        Ok(())
    }

    /// The rail that signals are drawn about.
    fn reference(&self) -> f64 {
        let holders = self.plans[0].programs.iter().filter_map(|program| program.levers.as_ref());
        let mut of_amps = holders
            .flat_map(|levers| &levers.arrays)
            .flat_map(|a| a.amps.iter().flatten().map(|amp| amp.volts));
        self.plans[0].reference(self.circuit).or_else(|| of_amps.next()).unwrap_or(0.0)
    }

    fn value(&self, rest: &[f64], wire: u32) -> f64 {
        match self.circuit.driver[wire as usize] {
            Driver::Supply(volts) => volts,
            Driver::Tap { channel, .. } => self.value(rest, self.circuit.channels[channel as usize].inp),
            _ => rest[wire as usize],
        }
    }

    /// Trims the columns of a step; what its outputs are at rest, as designed and on the chip.
    fn step(&mut self, steps: [&Step; 2], rest: &[Vec<f64>; 2]) -> Result<[Vec<f64>; 2], Error> {
        let programs = [0, 1].map(|k| &self.plans[k].programs[steps[k].program as usize]);
        let inputs = [0, 1]
            .map(|k| steps[k].inputs.iter().map(|wire| self.value(&rest[k], *wire)).collect::<Vec<_>>());
        let mut shifts = vec![0.0; programs[1].rows.offset.len()];
        let wanted = Rest::of(programs[0], &inputs[0], &[]);
        let mut found = Rest::of(programs[1], &inputs[1], &shifts);
        let (own, sums) = columns(programs[1]);
        // Sums are measured when their parts are right.
        for group in [own, sums] {
            for column in &group {
                let moved = self.column(programs, column, [&wanted, &found])?;
                moved.into_iter().for_each(|(row, volts)| shifts[row] += volts);
            }
            if !group.is_empty() {
                found = Rest::of(programs[1], &inputs[1], &shifts);
            }
        }
        Ok([wanted.outputs(programs[0]), found.outputs(programs[1])])
    }

    /// Trims one column; the rows of op-amps that it moves, and by how many volts.
    fn column(
        &mut self,
        programs: [&Program; 2],
        column: &Column,
        [wanted, found]: [&Rest; 2],
    ) -> Result<Vec<(usize, f64)>, Error> {
        let levers = programs.map(|program| program.levers.as_ref().expect("asked for"));
        let slots = levers.map(|levers| levers.slot_of[column.target as usize] as usize);
        let array = &levers[1].arrays[column.array];
        let cell = &self.design.cells[array.crossbar.cell()];
        let mut error = found.volts[slots[1]][0] - wanted.volts[slots[0]][0];
        let noise = (found.variance[slots[1]] / f64::from(self.trim.reads)).sqrt();
        self.error += error.abs();
        let mut programmer = Programmer::new(self.chip, &array.path, cell);
        let mut moved = Vec::new();
        for (attempt, knob) in
            (self.round * ATTEMPTS..).zip(knobs(array, column, found, levers[1].slot_of.as_slice()))
        {
            let measured = error
                + if noise > 0.0 {
                    noise * programmer.error(column.bitlines[0].number, attempt)
                } else {
                    0.0
                };
            let Some(target) = self.target(cell, &knob, measured) else { continue };
            let device = |error| Error::Device { path: array.path.clone(), error };
            let Some(siemens) = programmer.program(knob.cell, target, attempt).map_err(device)? else {
                continue;
            };
            let siemens = siemens as f32;
            self.trimmed.set(&array.path, knob.cell, siemens);
            let change = f64::from(siemens) - knob.siemens;
            error += knob.per_siemens * change;
            moved.push((knob.row, knob.own_per_siemens * change));
            moved.extend(knob.beside.map(|(row, per_siemens)| (row, per_siemens * change)));
        }
        Ok(moved)
    }

    /// The conductance to program a cell to so that least is left of an error; `None` if it had better stay.
    fn target(&self, cell: &Cell, knob: &Knob, error: f64) -> Option<f64> {
        let change = -error / knob.per_siemens;
        let target = knob.siemens + change;
        let worth = change.abs() > 0.5 * step(self.chip, cell) && change.abs() > 1e-6 * cell.g_min;
        // A cell that is there can be lowered, but not taken away.
        let formed = knob.siemens > 0.0 || target > 0.5 * cell.g_min;
        (worth && formed && change.is_finite()).then(|| target.clamp(cell.g_min, cell.g_max))
    }
}

/// A cell that can be programmed to move an output.
struct Knob {
    /// Place in its array, row by row.
    cell: usize,
    siemens: f64,
    /// Volts at the output per siemens, and at the op-amp of its own bitline.
    per_siemens: f64,
    own_per_siemens: f64,
    /// Row of that op-amp.
    row: usize,
    /// Row of another one that is moved, and volts there per siemens.
    beside: Option<(usize, f64)>,
}

/// The cells of a column on rails, those that move most first.
fn knobs(array: &Array, column: &Column, found: &Rest, slot_of: &[u32]) -> Vec<Knob> {
    let cols = array.crossbar.cols() as usize;
    let mut knobs = Vec::new();
    for Bitline { number, amp, own, reach, beside } in &column.bitlines {
        let out = found.volts[slot_of[amp.out as usize] as usize][0];
        let ground = amp.volts - amp.inverse_gain * (out - amp.mid);
        for (wordline, rail) in &array.rails {
            let cell = *wordline as usize * cols + number;
            let (siemens, volts) = (f64::from(array.crossbar.conductance()[cell]), rail - ground);
            let (per_siemens, own_per_siemens) = (reach * volts, own * volts);
            let beside = beside.map(|(row, reach)| (row, reach * volts));
            knobs.push(Knob { cell, siemens, per_siemens, own_per_siemens, row: amp.row, beside });
        }
    }
    knobs.sort_by(|a, b| b.per_siemens.abs().total_cmp(&a.per_siemens.abs()));
    knobs
}

impl Rest {
    /// Runs `program` once, with activation circuits held at rest; `shifts` are what rows give more.
    fn of(program: &Program, inputs: &[f64], shifts: &[f64]) -> Self {
        let mut volts: Vec<[f64; 1]> = inputs.iter().map(|volts| [*volts]).collect();
        let mut variance = vec![0.0; inputs.len()];
        for op in &program.ops {
            let (value, noise) = match op {
                Op::Row(row) => {
                    let row = *row as usize;
                    let shift = shifts.get(row).copied().unwrap_or(0.0) + program.rows.offset[row];
                    let sum =
                        terms(program, row).map(|(slot, gain)| gain * volts[slot as usize][0]).sum::<f64>();
                    let carried =
                        terms(program, row).map(|(slot, gain)| gain * gain * variance[slot as usize]);
                    (shift + sum, carried.sum::<f64>() + own_variance(program, row, &volts))
                }
                Op::Map(map) => {
                    let map = &program.maps[*map as usize];
                    let held = match map.function {
                        Function::Multiplier => MapOp { ..*map },
                        _ => MapOp { inputs: [map.v_ref; 2], ..*map },
                    };
                    (behaviour(&held, &volts)[0], 0.0)
                }
                Op::System(_) | Op::Solved => unreachable!("devices are refused before"),
            };
            volts.push([value]);
            variance.push(noise);
        }
        Self { volts, variance }
    }

    fn outputs(&self, program: &Program) -> Vec<f64> {
        let volts = |operand: &Operand| match operand {
            Operand::Slot(slot) => self.volts[*slot as usize][0],
            Operand::Volts(volts) => *volts,
        };
        program.outputs.iter().map(volts).collect()
    }
}

/// What a row itself adds to the variance of its noise.
fn own_variance(program: &Program, row: usize, volts: &[[f64; 1]]) -> f64 {
    let Some(noise) = program.rows.noise.get(row) else { return 0.0 };
    let square = |s: &super::noise::Square| s.q * (volts[s.slot as usize][0] - s.ground).powi(2);
    noise.constant + noise.squares.iter().map(square).sum::<f64>()
}
