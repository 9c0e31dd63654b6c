//! From a program to sums that can be computed side by side.
//!
//! A row of one term (a follower, an inverter, a row driver) is written into the rows that read it, which is exact
//! while its op-amp stays within its swing: a [`Guard`] on its input says when. Rows of several terms keep their
//! limits: those of the partial sums of a layer become [`Segment`]s of its sums.
//!
//! All values are deviations from a pedestal, so that single precision is spent on the signal.

use super::super::noise::RowNoise;
use super::super::program::{MapOp, Op, Operand, Program};
use super::sums::{
    Close, Fused, Guard, Noise, OPEN_END, Output, Post, Product, Segment, Shape, Sum, Term, UNLIMITED,
};
use memloom_ir::Function;
use std::collections::BTreeMap;

/// What a slot holds.
enum Slot {
    Constant(f64),
    /// `gain * input + offset`, within its guard.
    Line {
        input: u32,
        gain: f64,
        offset: f64,
        /// Rows whose noise it carries, and how much of it.
        noise: Vec<(u32, f64)>,
    },
    /// A row of several terms, by number.
    Row(usize),
    /// An output of [`Fuser::done`], by number.
    Done(usize),
}

/// A row of several terms: on inputs, and on other such rows.
#[derive(Default)]
struct Row {
    /// Coefficient, and factor of the square in the noise's variance.
    inputs: BTreeMap<u32, (f64, f64)>,
    rows: Vec<(usize, f64)>,
    offset: f64,
    limit: (f64, f64),
    noise: Option<Noise>,
}

/// Voltage between a wordline at rest and the virtual ground that is small beside signals, volts. Its product with
/// the signal is left out of a variance.
const SMALL: f64 = 0.02;

struct Fuser<'p> {
    program: &'p Program,
    /// The pedestal of every slot that is no input.
    pedestal: f64,
    slots: Vec<Slot>,
    rows: Vec<Row>,
    done: Vec<Output>,
    guards: Vec<Guard>,
}

/// Fuses `program`. `inputs` are the pedestals of its inputs, `pedestal` is that of all else, volts. `None` if the
/// program does something that has no form here.
pub(super) fn fuse(program: &Program, inputs: &[f64], pedestal: f64) -> Option<Fused> {
    let (slots, rows, done, guards) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut fuser = Fuser { program, pedestal, slots, rows, done, guards };
    fuser.slots.extend((0..inputs.len() as u32).map(|input| Slot::Line {
        input,
        gain: 1.0,
        offset: 0.0,
        noise: Vec::new(),
    }));
    for op in &program.ops {
        let slot = match op {
            Op::Row(row) => fuser.row(*row as usize, inputs)?,
            Op::Map(map) => fuser.map(&program.maps[*map as usize])?,
            Op::System(_) | Op::Solved => return None,
        };
        fuser.slots.push(slot);
    }
    let outputs = program.outputs.iter().map(|output| fuser.output(output)).collect::<Option<_>>()?;
    Some(Fused { outputs, guards: fuser.guards })
}

impl Row {
    /// Whether it has inputs or noise, apart from the rows below it.
    fn has_own(&self) -> bool {
        !self.inputs.is_empty() || self.noise.is_some()
    }

    /// `scale` times its inputs and noise.
    fn segment(&self, scale: f64, offset: f64, limit: (f64, f64)) -> Segment {
        let term = |(input, (c, q)): (&u32, &(f64, f64))| Term {
            input: *input,
            coefficient: c * scale,
            square: q * scale * scale,
        };
        let noise = |noise: Noise| Noise {
            constant: noise.constant * scale * scale,
            sign: noise.sign * scale.signum(),
            ..noise
        };
        let terms = self.inputs.iter().map(term).collect();
        Segment { terms, offset, limit, noise: self.noise.map(noise), close: None }
    }
}

fn scaled((lo, hi): (f64, f64), by: f64) -> (f64, f64) {
    if by < 0.0 { (hi * by, lo * by) } else { (lo * by, hi * by) }
}

/// Ends a group.
fn close(segments: &mut [Segment], close: Option<Close>) {
    segments.last_mut().expect("a group has segments").close = close;
}

impl Fuser<'_> {
    fn row(&mut self, row: usize, inputs: &[f64]) -> Option<Slot> {
        let rows = &self.program.rows;
        let range = rows.start[row]..rows.start[row + 1];
        let terms = || rows.slot[range.clone()].iter().zip(&rows.coefficient[range.clone()]);
        let own = |slot: u32| inputs.get(slot as usize).copied().unwrap_or(self.pedestal);
        let offset = rows.offset[row] - self.pedestal + terms().map(|(s, c)| c * own(*s)).sum::<f64>();
        let swing = rows.swing[row];
        let limit = (swing.0 - self.pedestal, swing.1 - self.pedestal);
        let mut sum = Row { offset, limit, ..Row::default() };
        for (slot, coefficient) in terms() {
            match &self.slots[*slot as usize] {
                Slot::Constant(value) => sum.offset += coefficient * value,
                Slot::Line { input, gain, offset, .. } => {
                    sum.offset += coefficient * offset;
                    sum.inputs.entry(*input).or_default().0 += coefficient * gain;
                }
                Slot::Row(row) => sum.rows.push((*row, *coefficient)),
                Slot::Done(_) => return None,
            }
        }
        let carried = match rows.noise.get(row) {
            Some(noise) => self.noise(row, noise, inputs, &mut sum)?,
            None => Vec::new(),
        };
        sum.inputs.retain(|_, (coefficient, square)| *coefficient != 0.0 || *square != 0.0);
        let quiet = sum.noise.is_none();
        let unread = sum.inputs.values().all(|(_, square)| *square == 0.0);
        match (sum.inputs.len(), sum.rows.as_slice()) {
            (0, []) if quiet => Some(Slot::Constant(sum.offset.max(limit.0).min(limit.1))),
            (1, []) if unread => Some(self.line(&sum, carried)),
            _ => {
                self.rows.push(sum);
                Some(Slot::Row(self.rows.len() - 1))
            }
        }
    }

    /// Finds the noise of `sum`, which is row `row`; the noise of the rows that it carries, with its own.
    fn noise(&self, row: usize, noise: &RowNoise, inputs: &[f64], sum: &mut Row) -> Option<Vec<(u32, f64)>> {
        let rows = &self.program.rows;
        let mut carried = BTreeMap::new();
        for term in rows.start[row]..rows.start[row + 1] {
            if let Slot::Line { noise, .. } = &self.slots[rows.slot[term] as usize] {
                noise.iter().for_each(|(from, gain)| {
                    *carried.entry(*from).or_insert(0.0) += rows.coefficient[term] * gain;
                });
            }
        }
        let of_line = |(from, gain): (&u32, &f64)| gain * gain * rows.noise[*from as usize].constant;
        let mut constant = noise.constant + carried.iter().map(of_line).sum::<f64>();
        for square in &noise.squares {
            let pedestal = inputs.get(square.slot as usize).copied().unwrap_or(self.pedestal);
            let rest = pedestal - square.ground;
            match &self.slots[square.slot as usize] {
                Slot::Constant(value) => constant += square.q * (value + rest).powi(2),
                Slot::Line { input, gain, offset, .. } if (offset + rest).abs() < SMALL => {
                    constant += square.q * (offset + rest).powi(2);
                    sum.inputs.entry(*input).or_default().1 += square.q * gain * gain;
                }
                _ => return None,
            }
        }
        let quiet = constant == 0.0 && noise.squares.is_empty();
        sum.noise = (!quiet).then_some(Noise { constant, row: row as u32, sign: 1.0 });
        carried.insert(row as u32, 1.0);
        Some(carried.into_iter().collect())
    }

    /// A row of one term.
    fn line(&mut self, row: &Row, noise: Vec<(u32, f64)>) -> Slot {
        let (input, gain) = row.inputs.first_key_value().map(|(i, g)| (*i, g.0)).expect("one term");
        let ends = [row.limit.0, row.limit.1].map(|volts| (volts - row.offset) / gain);
        if ends.iter().any(|end| end.is_finite()) {
            self.guards.push(Guard { input, limit: (ends[0].min(ends[1]), ends[0].max(ends[1])) });
        }
        Slot::Line { input, gain, offset: row.offset, noise }
    }

    fn finish(&mut self, output: Output) -> Slot {
        self.done.push(output);
        Slot::Done(self.done.len() - 1)
    }

    /// `post` of row `row`, of which it sees `scale * (row - center)`.
    fn sum(&self, row: usize, (scale, center): (f64, f64), post: Option<Post>) -> Option<Sum> {
        let row = &self.rows[row];
        let mut segments = Vec::with_capacity(row.rows.len() + 1);
        for (part, coefficient) in &row.rows {
            self.group(&self.rows[*part], coefficient * scale, &mut segments)?;
        }
        if row.has_own() {
            segments.push(row.segment(scale, 0.0, UNLIMITED));
            close(&mut segments, OPEN_END);
        }
        let limit = scaled((row.limit.0 - center, row.limit.1 - center), scale);
        Some(Sum { segments, offset: (row.offset - center) * scale, limit, post })
    }

    /// Adds `scale` times `row` as a group of segments. `None` if rows stand more than three deep.
    fn group(&self, row: &Row, scale: f64, segments: &mut Vec<Segment>) -> Option<()> {
        if row.rows.is_empty() {
            segments.push(row.segment(scale, row.offset * scale, scaled(row.limit, scale)));
            close(segments, OPEN_END);
            return Some(());
        }
        for (part, coefficient) in &row.rows {
            let (part, by) = (&self.rows[*part], coefficient * scale);
            if !part.rows.is_empty() {
                return None;
            }
            segments.push(part.segment(by, part.offset * by, scaled(part.limit, by)));
        }
        if row.has_own() {
            segments.push(row.segment(scale, 0.0, UNLIMITED));
        }
        close(segments, Some(Close { offset: row.offset * scale, limit: scaled(row.limit, scale) }));
        Some(())
    }

    fn map(&mut self, map: &MapOp) -> Option<Slot> {
        let Operand::Volts(v_ref) = map.v_ref else { return None };
        let center = v_ref - self.pedestal;
        let limit = (map.swing.0 - self.pedestal, map.swing.1 - self.pedestal);
        let shape = match map.function {
            Function::Activation(activation) => Shape(activation),
            Function::Multiplier => {
                let inputs = [self.plain_input(map.inputs[0])?, self.plain_input(map.inputs[1])?];
                let shift = center + map.offset;
                let product = Product { inputs, center, gain: map.unit_in.recip(), shift, limit };
                return Some(self.finish(Output::Product(product)));
            }
            Function::Own(_) => return None,
        };
        let Operand::Slot(slot) = map.inputs[0] else { return None };
        let row = self.as_row(slot)?;
        let post = Post { shape, gain: map.unit_out / shape.divisor(), shift: center + map.offset, limit };
        let sum = self.sum(row, (map.unit_in.recip(), center), Some(post))?;
        Some(self.finish(Output::Sum(sum)))
    }

    /// The input that `operand` is.
    fn plain_input(&self, operand: Operand) -> Option<u32> {
        match operand {
            Operand::Slot(slot) if (slot as usize) < self.program.input_count() => Some(slot),
            _ => None,
        }
    }

    /// The number of the row that `slot` is; a line or a constant becomes one.
    fn as_row(&mut self, slot: u32) -> Option<usize> {
        match &self.slots[slot as usize] {
            Slot::Row(row) => Some(*row),
            Slot::Line { input, gain, offset, noise } => {
                let inputs = BTreeMap::from([(*input, (*gain, 0.0))]);
                let variance = |(from, gain): &(u32, f64)| {
                    gain * gain * self.program.rows.noise[*from as usize].constant
                };
                let constant = noise.iter().map(variance).sum();
                let noise = noise.last().map(|(row, _)| Noise { constant, row: *row, sign: 1.0 });
                self.rows.push(Row { inputs, offset: *offset, limit: UNLIMITED, noise, ..Row::default() });
                Some(self.rows.len() - 1)
            }
            // A column whose weights are all too small for a cell.
            Slot::Constant(offset) => {
                self.rows.push(Row { offset: *offset, limit: UNLIMITED, ..Row::default() });
                Some(self.rows.len() - 1)
            }
            Slot::Done(_) => None,
        }
    }

    fn output(&mut self, operand: &Operand) -> Option<Output> {
        let Operand::Slot(slot) = operand else { return None };
        match self.slots[*slot as usize] {
            Slot::Done(done) => Some(self.done[done].clone()),
            _ => {
                let row = self.as_row(*slot)?;
                self.sum(row, (1.0, 0.0), None).map(Output::Sum)
            }
        }
    }
}
