//! From a program to sums that can be computed side by side.
//!
//! A row of one term (a follower, an inverter, a row driver) is written into the rows that read it, which is exact
//! while its op-amp stays within its swing: a [`Guard`] on its input says when. Rows of several terms keep their
//! limits: those of the partial sums of a layer become [`Segment`]s of its sums.
//!
//! All values are deviations from a pedestal, so that single precision is spent on the signal.

use super::super::noise::RowNoise;
use super::super::program::{MapOp, Op, Operand, Program};
use super::shared::{Shared, share};
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
pub(super) struct Row {
    /// Coefficient, and factor of the square in the noise's variance.
    pub(super) inputs: BTreeMap<u32, (f64, f64)>,
    pub(super) rows: Vec<(usize, f64)>,
    offset: f64,
    limit: (f64, f64),
    /// Its own, which the program's row `Noise::row` draws.
    pub(super) noise: Option<Noise>,
    /// How much of the noise of rows of one term comes through it.
    pub(super) lines: BTreeMap<u32, f64>,
}

/// An output that is built when all rows are known.
enum Pending {
    /// `post` of a row, of which it sees `scale * (row - center)`.
    Sum {
        row: usize,
        scale: f64,
        center: f64,
        post: Option<Post>,
    },
    Product(Product),
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
    done: Vec<Pending>,
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
    let outputs = program.outputs.iter().map(|output| fuser.output(output)).collect::<Option<Vec<_>>>()?;
    let shared = fuser.share(inputs.len() as u32);
    let outputs = outputs.into_iter().map(|output| fuser.built(output)).collect::<Option<_>>()?;
    Some(Fused { outputs, shared, guards: fuser.guards })
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
            (0, []) if quiet && sum.lines.is_empty() => {
                Some(Slot::Constant(sum.offset.max(limit.0).min(limit.1)))
            }
            (1, []) if unread => Some(self.line(&sum, carried)),
            _ => Some(Slot::Row(self.push(sum))),
        }
    }

    fn push(&mut self, row: Row) -> usize {
        self.rows.push(row);
        self.rows.len() - 1
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
        sum.lines = carried.clone();
        let mut constant = noise.constant;
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

    fn finish(&mut self, output: Pending) -> usize {
        self.done.push(output);
        self.done.len() - 1
    }

    /// Finds a place for the noise of rows of one term.
    fn share(&mut self, inputs: u32) -> Shared {
        let (mut ends, mut taken) = (Vec::new(), Vec::new());
        for output in &self.done {
            match output {
                Pending::Sum { row, .. } => ends.push(*row),
                Pending::Product(product) => taken.extend(product.inputs),
            }
        }
        let noise = &self.program.rows.noise;
        share(&mut self.rows, inputs, |line| noise[line as usize].constant, (&ends, &taken))
    }

    fn built(&self, output: usize) -> Option<Output> {
        match &self.done[output] {
            Pending::Sum { row, scale, center, post } => {
                self.sum(*row, (*scale, *center), *post).map(Output::Sum)
            }
            Pending::Product(product) => Some(Output::Product(*product)),
        }
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
                return Some(Slot::Done(self.finish(Pending::Product(product))));
            }
            Function::Own(_) => return None,
        };
        let Operand::Slot(slot) = map.inputs[0] else { return None };
        let row = self.as_row(slot)?;
        let post = Post { shape, gain: map.unit_out / shape.divisor(), shift: center + map.offset, limit };
        let sum = Pending::Sum { row, scale: map.unit_in.recip(), center, post: Some(post) };
        Some(Slot::Done(self.finish(sum)))
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
                let lines = noise.iter().copied().collect();
                let row = Row { inputs, offset: *offset, limit: UNLIMITED, lines, ..Row::default() };
                Some(self.push(row))
            }
            // A column whose weights are all too small for a cell.
            Slot::Constant(offset) => {
                let row = Row { offset: *offset, limit: UNLIMITED, ..Row::default() };
                Some(self.push(row))
            }
            Slot::Done(_) => None,
        }
    }

    /// The number of an output among those that are built at the end.
    fn output(&mut self, operand: &Operand) -> Option<usize> {
        let Operand::Slot(slot) = operand else { return None };
        match self.slots[*slot as usize] {
            Slot::Done(done) => Some(done),
            _ => {
                let row = self.as_row(*slot)?;
                Some(self.finish(Pending::Sum { row, scale: 1.0, center: 0.0, post: None }))
            }
        }
    }
}
