//! Runs a program over a block of lanes, a lane being one input vector.

use super::Error;
use super::newton::Nonlinear;
use super::noise::{Draw, normal};
use super::program::{Lines, MapOp, Op, Operand, Program, Rows};
use memloom_ir::Function;
use pulp::{Arch, Simd, WithSimd};

/// Lanes of a full block.
pub(super) const LANES: usize = 32;
/// Lanes of the block for a short rest.
pub(super) const FEW: usize = 8;

/// What a block of evaluations met.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Outputs of op-amps and behavioural blocks that were evaluated.
    pub outputs: u64,
    /// How many of them met the end of their swing.
    pub clipped: u64,
    /// How far beyond it the furthest of them would have gone, volts.
    pub beyond: f64,
    /// Largest voltage between a wordline and a bitline of one crossbar, volts; zero unless
    /// [`super::Options::watch_cells`] is set. Wires and absent cells only make cell voltages smaller.
    pub cell_volts: f64,
    /// Evaluations in which no operating point of a circuit with devices was found; an evaluator turns them into an
    /// error.
    pub unsolved: u64,
}

impl Tally {
    /// # Errors
    /// [`Error::Unsolved`] if an operating point was not found.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.unsolved == 0 { Ok(()) } else { Err(Error::Unsolved(self.unsolved)) }
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.outputs += other.outputs;
        self.clipped += other.clipped;
        self.beyond = self.beyond.max(other.beyond);
        self.cell_volts = self.cell_volts.max(other.cell_volts);
        self.unsolved += other.unsolved;
    }
}

/// Slots of a program for `L` lanes; the inputs come first.
pub(super) type Slots<const L: usize> = Vec<[f64; L]>;

impl Program {
    pub(super) fn slot_count(&self) -> usize {
        self.inputs as usize + self.ops.len()
    }

    /// Computes every slot from the inputs, which `slots` holds. Only the first `used` lanes count in the tally.
    /// `draw` gives the noise of a program that has some.
    pub(super) fn run_block<const L: usize>(
        &self,
        slots: &mut [[f64; L]],
        used: usize,
        draw: Option<&Draw<L>>,
    ) -> Tally {
        Arch::new().dispatch(Run { program: self, slots, used, draw })
    }
}

/// The value of an operand in one lane.
pub(super) fn value<const L: usize>(operand: &Operand, slots: &[[f64; L]], lane: usize) -> f64 {
    match operand {
        Operand::Slot(slot) => slots[*slot as usize][lane],
        Operand::Volts(volts) => *volts,
    }
}

struct Run<'a, const L: usize> {
    program: &'a Program,
    slots: &'a mut [[f64; L]],
    used: usize,
    draw: Option<&'a Draw<L>>,
}

impl<const L: usize> WithSimd for Run<'_, L> {
    type Output = Tally;

    // The loops vectorise by themselves; the dispatch only says for which instructions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Tally {
        let Self { program, slots, used, draw } = self;
        let mut tally = Tally::default();
        for (index, op) in program.ops.iter().enumerate() {
            let (done, rest) = slots.split_at_mut(program.inputs as usize + index);
            let (out, swing) = match op {
                Op::Solved => continue,
                Op::System(system) => {
                    solve(&program.systems[*system as usize], done, rest, used, &mut tally);
                    continue;
                }
                Op::Row(row) => {
                    let row = *row as usize;
                    let mut sum = affine(&program.rows, row, done);
                    if let Some(draw) = draw {
                        add_noise(&program.rows, row, done, draw, &mut sum);
                    }
                    (sum, program.rows.swing[row])
                }
                Op::Map(map) => {
                    let map = &program.maps[*map as usize];
                    (behaviour(map, done), map.swing)
                }
            };
            rest[0] = limit(out, swing, used, &mut tally);
        }
        tally.cell_volts = program.watched.iter().map(|lines| stress(lines, slots, used)).fold(0.0, f64::max);
        tally
    }
}

/// Solves a system with devices lane by lane, and writes what is wanted of it from the first of the slots `to` on.
#[inline(never)]
fn solve<const L: usize>(
    system: &Nonlinear,
    done: &[[f64; L]],
    to: &mut [[f64; L]],
    used: usize,
    tally: &mut Tally,
) {
    for lane in 0..used {
        let solved = system.solve(|operand| value(operand, done, lane));
        tally.unsolved += u64::from(solved.is_none());
        let volts = solved.unwrap_or_else(|| vec![f64::NAN; system.outputs.len()]);
        to.iter_mut().zip(volts).for_each(|(slot, volts)| slot[lane] = volts);
    }
    for ((_, swing), slot) in system.outputs.iter().zip(to) {
        // Idle lanes repeat the last one.
        let last = slot[used - 1];
        slot[used..].fill(last);
        *slot = limit(*slot, *swing, used, tally);
    }
}

#[inline(always)]
fn affine<const L: usize>(rows: &Rows, row: usize, slots: &[[f64; L]]) -> [f64; L] {
    let range = rows.start[row]..rows.start[row + 1];
    let mut sum = [rows.offset[row]; L];
    for (slot, coefficient) in rows.slot[range.clone()].iter().zip(&rows.coefficient[range]) {
        let values = &slots[*slot as usize];
        for lane in 0..L {
            sum[lane] += coefficient * values[lane];
        }
    }
    sum
}

/// Adds a row's noise, if it has some.
#[inline(always)]
fn add_noise<const L: usize>(
    rows: &Rows,
    row: usize,
    slots: &[[f64; L]],
    draw: &Draw<L>,
    sum: &mut [f64; L],
) {
    let Some(noise) = rows.noise.get(row) else { return };
    let mut variance = [noise.constant; L];
    for square in &noise.squares {
        let values = &slots[square.slot as usize];
        for lane in 0..L {
            variance[lane] += square.q * (values[lane] - square.ground).powi(2);
        }
    }
    for lane in 0..L {
        let position = draw.position[lane].wrapping_add(row as u32 * draw.ticks);
        sum[lane] += variance[lane].sqrt() * f64::from(normal(draw.seed, draw.image[lane], position));
    }
}

#[inline(always)]
fn load<const L: usize>(operand: Operand, slots: &[[f64; L]]) -> [f64; L] {
    match operand {
        Operand::Slot(slot) => slots[slot as usize],
        Operand::Volts(volts) => [volts; L],
    }
}

#[inline(always)]
pub(super) fn behaviour<const L: usize>(map: &MapOp, slots: &[[f64; L]]) -> [f64; L] {
    function(map, slots).map(|volts| volts + map.offset)
}

#[inline(always)]
fn function<const L: usize>(map: &MapOp, slots: &[[f64; L]]) -> [f64; L] {
    let v_ref = load(map.v_ref, slots);
    let a = load(map.inputs[0], slots);
    match map.function {
        Function::Activation(f) => std::array::from_fn(|lane| {
            v_ref[lane] + map.unit_out * f.at((a[lane] - v_ref[lane]) / map.unit_in)
        }),
        Function::Own(own) => {
            let f = own.native.expect("flattening refused a block without one");
            let b = load(map.inputs[1], slots);
            let unit = |v: f64, lane: usize| (v - v_ref[lane]) / map.unit_in;
            std::array::from_fn(|lane| {
                v_ref[lane] + map.unit_out * f([unit(a[lane], lane), unit(b[lane], lane)])
            })
        }
        Function::Multiplier => {
            let b = load(map.inputs[1], slots);
            std::array::from_fn(|lane| {
                v_ref[lane] + (a[lane] - v_ref[lane]) * (b[lane] - v_ref[lane]) / map.unit_in
            })
        }
    }
}

#[inline(always)]
fn limit<const L: usize>(out: [f64; L], (lo, hi): (f64, f64), used: usize, tally: &mut Tally) -> [f64; L] {
    tally.outputs += used as u64;
    let limited = out.map(|v| v.max(lo).min(hi));
    if limited != out {
        for (raw, kept) in out[..used].iter().zip(&limited).filter(|(raw, kept)| raw != kept) {
            tally.clipped += 1;
            tally.beyond = tally.beyond.max((raw - kept).abs());
        }
    }
    limited
}

/// Largest voltage between any wordline and any bitline.
#[inline(always)]
fn stress<const L: usize>(lines: &Lines, slots: &[[f64; L]], used: usize) -> f64 {
    let (low_row, high_row) = extremes(&lines.rows, slots);
    let (low_col, high_col) = extremes(&lines.cols, slots);
    (0..used).map(|l| (high_row[l] - low_col[l]).max(high_col[l] - low_row[l])).fold(0.0, f64::max)
}

#[inline(always)]
fn extremes<const L: usize>(lines: &[Operand], slots: &[[f64; L]]) -> ([f64; L], [f64; L]) {
    let (mut low, mut high) = ([f64::INFINITY; L], [f64::NEG_INFINITY; L]);
    for line in lines {
        let values = load(*line, slots);
        for lane in 0..L {
            low[lane] = low[lane].min(values[lane]);
            high[lane] = high[lane].max(values[lane]);
        }
    }
    (low, high)
}
