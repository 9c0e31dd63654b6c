//! A system with devices in it: Newton's method, one input vector at a time.
//!
//! The linear system takes each device as the conductance that it is programmed to: `A x = B d + c`. A device adds the
//! current by which its law differs from that, so the rest to be made zero is `A x - B d - c + sum (i(v) - g v)`.

use super::cells::Law;
use super::linear::Factored;
use super::program::Operand;

/// Where an end of a device is.
#[derive(Clone, Copy)]
pub(super) enum End {
    /// An unknown of the system, by number.
    Unknown(u32),
    /// A voltage that is known before.
    Known(Operand),
}

/// A device on a system.
pub(super) struct Part {
    pub(super) ends: [End; 2],
    /// What its current is worth in the row of each end that is an unknown: volts per ampere.
    pub(super) scale: [f64; 2],
    /// The conductance that the linear system has for it, siemens.
    pub(super) g: f64,
    pub(super) law: Law,
}

/// `A x = B d + c` and the devices.
pub(super) struct Nonlinear {
    pub(super) size: usize,
    /// Entries of `A`; rows are of order 1.
    pub(super) matrix: Vec<(u32, u32, f64)>,
    /// Entries of `B`: row, slot, coefficient.
    pub(super) driven: Vec<(u32, u32, f64)>,
    /// `c`.
    pub(super) constant: Vec<f64>,
    pub(super) parts: Vec<Part>,
    /// The unknowns that are wanted, and how far each swings.
    pub(super) outputs: Vec<(u32, (f64, f64))>,
}

/// A step this small, of voltages of order 1, is the last: the next would be in the rounding.
const SMALL: f64 = 1e-9;
/// Steps before the search is given up, and halvings of one.
const STEPS: usize = 100;
const HALVINGS: usize = 20;

impl Nonlinear {
    /// The wanted voltages, unlimited, where `value` gives what drives the system; `None` if there is no solution to be
    /// found.
    pub(super) fn solve(&self, value: impl Fn(&Operand) -> f64) -> Option<Vec<f64>> {
        let mut right = self.constant.clone();
        for (row, slot, coefficient) in &self.driven {
            right[*row as usize] += coefficient * value(&Operand::Slot(*slot));
        }
        let mut x = solve(self.size, &self.matrix, &right)?;
        let mut rest = self.rest(&x, &right, &value);
        for _ in 0..STEPS {
            let step = solve(self.size, &self.slopes(&x, &value), &rest)?;
            let (part, next, next_rest) = self.shorten(&x, &step, &rest, |x| self.rest(x, &right, &value))?;
            (x, rest) = (next, next_rest);
            if part == 1.0 && step.iter().zip(&x).all(|(step, x)| step.abs() <= SMALL * x.abs().max(1.0)) {
                return Some(self.outputs.iter().map(|(unknown, _)| x[*unknown as usize]).collect());
            }
        }
        None
    }

    /// The longest part of `step` that makes the rest smaller.
    fn shorten(
        &self,
        x: &[f64],
        step: &[f64],
        rest: &[f64],
        rest_at: impl Fn(&[f64]) -> Vec<f64>,
    ) -> Option<(f64, Vec<f64>, Vec<f64>)> {
        // What rounding leaves of rows of order 1 with voltages of order 1.
        let floor = 1e-12 * x.iter().fold(1.0, |most: f64, x| most.max(x.abs()));
        let mut part = 1.0;
        for _ in 0..HALVINGS {
            let next: Vec<f64> = x.iter().zip(step).map(|(x, step)| x - part * step).collect();
            let next_rest = rest_at(&next);
            let size = norm(&next_rest);
            if size <= floor || size < norm(rest) {
                return Some((part, next, next_rest));
            }
            part *= 0.5;
        }
        None
    }

    fn voltage(&self, part: &Part, x: &[f64], value: &impl Fn(&Operand) -> f64) -> f64 {
        let [a, b] = part.ends.map(|end| match end {
            End::Unknown(unknown) => x[unknown as usize],
            End::Known(operand) => value(&operand),
        });
        a - b
    }

    fn rest(&self, x: &[f64], right: &[f64], value: &impl Fn(&Operand) -> f64) -> Vec<f64> {
        let mut rest: Vec<f64> = right.iter().map(|b| -b).collect();
        for (row, col, a) in &self.matrix {
            rest[*row as usize] += a * x[*col as usize];
        }
        for part in &self.parts {
            let v = self.voltage(part, x, value);
            let more = part.law.current(v) - part.g * v;
            for ((end, scale), sign) in part.ends.iter().zip(part.scale).zip([1.0, -1.0]) {
                if let End::Unknown(row) = end {
                    rest[*row as usize] += sign * scale * more;
                }
            }
        }
        rest
    }

    /// Slopes of the rest.
    fn slopes(&self, x: &[f64], value: &impl Fn(&Operand) -> f64) -> Vec<(u32, u32, f64)> {
        let mut matrix = self.matrix.clone();
        for part in &self.parts {
            let more = part.law.slope(self.voltage(part, x, value)) - part.g;
            for ((end, scale), sign) in part.ends.iter().zip(part.scale).zip([1.0, -1.0]) {
                let End::Unknown(row) = end else { continue };
                for (other, other_sign) in part.ends.iter().zip([1.0, -1.0]) {
                    if let End::Unknown(col) = other {
                        matrix.push((*row, *col, sign * other_sign * scale * more));
                    }
                }
            }
        }
        matrix
    }
}

fn norm(rest: &[f64]) -> f64 {
    rest.iter().map(|r| r * r).sum::<f64>().sqrt()
}

/// `x` with `A x = right`; `None` if there is none.
fn solve(size: usize, entries: &[(u32, u32, f64)], right: &[f64]) -> Option<Vec<f64>> {
    Factored::new(size, entries.iter().copied())?.solve(right)
}
