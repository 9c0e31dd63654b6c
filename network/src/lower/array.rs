//! The cells of a tile: which wordlines there are, and what stands on them.

use super::amplifier::Amplifier;
use super::place::{Placed, place};
use memloom_ir::technology::SignScheme;
use memloom_ir::{Cell, Opposites};

/// A wordline: its signal and whether it carries it inverted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) input: usize,
    pub(super) inverted: bool,
}

/// A tile's cells and what reads them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Array {
    pub(super) rows: Vec<Row>,
    /// Bitlines.
    pub(super) cols: usize,
    /// Siemens, wordline by wordline; 0 where there is no cell.
    pub(super) conductance: Vec<f64>,
    /// Transimpedance of each output, ohm: its feedback resistor but for what that makes up for.
    pub(super) feedback: Vec<f64>,
}

/// Feedback resistors behind bitlines, ohm, one per output.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Resistors {
    pub(super) r_f: Vec<f64>,
    /// Of the first amplifiers, where outputs have pairs.
    pub(super) r_n: Option<Vec<f64>>,
    /// How much of the wanted transimpedance they give: 1 unless the op-amp's gain is too low.
    pub(super) reached: Vec<f64>,
}

/// Weighted sums that a tile gives: signed gains, volts per volt, `[output][input]`.
pub(super) struct Sums<'a> {
    pub(super) gains: &'a [f64],
    /// How many of the inputs, the last ones, are bias rails: they have wordlines even without a cell, for those that a
    /// programmer trims offsets with.
    pub(super) rails: usize,
    /// How gains get their sign; `None` if they all have that of one bitline.
    pub(super) scheme: Option<SignScheme>,
    pub(super) cell: &'a Cell,
}

impl Sums<'_> {
    /// The cells behind `feedback`, one resistor per output, wires aside.
    pub(super) fn array(&self, feedback: Vec<f64>) -> Array {
        let outputs = feedback.len();
        let inputs = self.gains.len() / outputs;
        let rails = self.scheme.map_or(1, SignScheme::wordlines);
        let cols = outputs * self.scheme.map_or(1, SignScheme::bitlines);
        let mut array = Array { rows: Vec::new(), cols, conductance: Vec::new(), feedback };
        let mut line = vec![0.0; cols];
        for input in 0..inputs {
            for rail in 0..rails {
                for k in 0..outputs {
                    let gain = self.gains[k * inputs + input];
                    let Placed { positive, negative } = place(gain, array.feedback[k], self.cell);
                    match self.scheme {
                        // A TIA inverts, so a positive gain stands on the inverted rail.
                        Some(SignScheme::DualRail) => line[k] = if rail == 1 { positive } else { negative },
                        // The pair inverts too: a positive gain stands on the subtracted bitline.
                        Some(SignScheme::Differential) => {
                            line[k] = negative;
                            line[outputs + k] = positive;
                        }
                        None => line[k] = negative,
                    }
                }
                // A wordline without a cell is not there, nor is its driver; a bias rail needs none.
                if line.iter().any(|g| *g != 0.0) || input >= inputs - self.rails {
                    array.rows.push(Row { input, inverted: rail == 1 });
                    array.conductance.extend_from_slice(&line);
                }
            }
        }
        if array.conductance.iter().all(|g| *g == 0.0) {
            (array.rows, array.conductance) = (Vec::new(), Vec::new());
        }
        array
    }
}

impl Array {
    /// The feedback resistors that give the wanted transimpedance with op-amps of a finite gain.
    pub(super) fn resistors(&self, amplifier: Amplifier) -> Resistors {
        let mut siemens = vec![0.0; self.cols];
        for row in self.conductance.chunks(self.cols) {
            siemens.iter_mut().zip(row).for_each(|(sum, g)| *sum += g);
        }
        let (p, n) = siemens.split_at(self.feedback.len());
        let each = self.feedback.iter().zip(p);
        if n.is_empty() {
            let single = |(r, s): (&f64, &f64)| {
                let within = r.min(amplifier.reach(*s));
                (amplifier.feedback(within, *s), within / r)
            };
            let (r_f, reached) = each.map(single).unzip();
            return Resistors { r_f, r_n: None, reached };
        }
        let pair = |((r, p), n): ((&f64, &f64), &f64)| {
            let within = r.min(amplifier.reach_of_pair((*n, *p)));
            (amplifier.pair(within, (*n, *p)), within / r)
        };
        let (pairs, reached): (Vec<_>, _) = each.zip(n).map(pair).unzip();
        let (r_n, r_f) = pairs.into_iter().unzip();
        Resistors { r_f, r_n: Some(r_n), reached }
    }

    /// Which of its lines count with opposite signs.
    pub(super) fn opposites(&self, scheme: Option<SignScheme>) -> Opposites {
        match scheme {
            // The rails of an input are neighbours.
            Some(SignScheme::DualRail) => Opposites::Wordlines(
                (0..self.rows.len())
                    .map(|at| {
                        let Row { input, inverted } = self.rows[at];
                        let other = if inverted { at.checked_sub(1)? } else { at + 1 };
                        self.rows.get(other).is_some_and(|row| row.input == input).then_some(other as u32)
                    })
                    .collect(),
            ),
            Some(SignScheme::Differential) => {
                let half = self.cols / 2;
                let other = |col| if col < half { col + half } else { col - half };
                Opposites::Bitlines((0..self.cols).map(|col| Some(other(col) as u32)).collect())
            }
            None => Opposites::None,
        }
    }
}
