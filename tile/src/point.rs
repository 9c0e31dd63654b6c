//! The operating point of a tile for one vector of row voltages: every voltage and every current in it.

use super::dissect::Dissection;
use super::gradient::Gradient;
use super::{Error, LARGEST, Tile};

/// What one more sweep of all lines may change, of the largest row voltage.
const GOAL: f64 = 1e-13;
/// Steps of conjugate gradients before the tile is solved directly.
const STEPS: usize = 600;
/// Largest [`OperatingPoint::error`] that conjugate gradients may leave, of the largest row voltage.
const TRUSTED: f64 = 1e-9;

/// Voltages and currents of a tile; those of the cross-points are row by row.
///
/// Currents flow from the driver along the wordline, through the cell, and down the bitline.
#[derive(Debug, Clone, PartialEq)]
pub struct OperatingPoint {
    /// Voltage of each wordline at its cross-points.
    pub wordline: Vec<f64>,
    /// Voltage of each bitline at its cross-points.
    pub bitline: Vec<f64>,
    /// Current through each cell, amperes.
    pub cell: Vec<f64>,
    /// Current through the wordline segment to the left of each cross-point; at column 0 the driver's.
    pub along_wordline: Vec<f64>,
    /// Current through the bitline segment below each cross-point; in the last row what leaves the column.
    pub along_bitline: Vec<f64>,
    /// No voltage is further off than this, volts: the sum over all segments and cells of the difference between the
    /// voltage along it by its ends and by its current. Currents balance at every node, so that each difference is
    /// like a small source in series with a resistor, and a source moves no node by more than its own voltage.
    pub error: f64,
}

impl OperatingPoint {
    /// Current out of each column.
    pub fn currents(&self, tile: &Tile) -> &[f64] {
        &self.along_bitline[(tile.rows() - 1) * tile.cols()..]
    }
}

impl Tile {
    /// Solves the tile for the drivers' voltages `volts`: by conjugate gradients, and directly where these are slow.
    ///
    /// # Errors
    /// If `volts` is not one voltage of at most [`LARGEST`] per row.
    pub fn solve(&self, volts: &[f64]) -> Result<OperatingPoint, Error> {
        if volts.len() != self.rows {
            return Err(Error::Length { what: "row voltages".into(), got: volts.len(), want: self.rows });
        }
        if let Some(row) = volts.iter().position(|v| v.is_nan() || v.abs() > LARGEST) {
            return Err(Error::Voltage { row, volts: volts[row] });
        }
        let most = volts.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
        let point = self.solve_by_gradients(volts, GOAL * most);
        match point.filter(|point| point.error <= TRUSTED * most) {
            Some(point) => Ok(point),
            None => Ok(self.solve_directly(volts)),
        }
    }

    /// The operating point by conjugate gradients; `None` if they are slow.
    fn solve_by_gradients(&self, volts: &[f64], goal: f64) -> Option<OperatingPoint> {
        let solution = Gradient::new(self).solve(self, volts, goal, STEPS)?;
        Some(self.point(volts, solution.wordline, solution.bitline))
    }

    /// The same by nested dissection.
    fn solve_directly(&self, volts: &[f64]) -> OperatingPoint {
        let nodes = Dissection::new(self).volts(volts);
        self.point(volts, nodes.wordline, nodes.bitline)
    }

    /// Currents for the voltages at the cross-points.
    ///
    /// Of cells, wordline and bitline segments those of the least conductance have the largest voltages along them
    /// and tell the currents best; the rest follows from the balance at each node.
    fn point(&self, volts: &[f64], wordline: Vec<f64>, bitline: Vec<f64>) -> OperatingPoint {
        let (cols, count) = (self.cols, self.rows * self.cols);
        let along = |at: usize| if at.is_multiple_of(cols) { volts[at / cols] } else { wordline[at - 1] } - wordline[at];
        let down = |at: usize| bitline[at] - if at + cols < count { bitline[at + cols] } else { 0.0 };
        let (left, below) = (|at| self.left_of(at / cols, at % cols), |at| self.below(at / cols, at % cols));
        let most = self.conductance.iter().copied().fold(0.0, f64::max);
        let cell: Vec<f64> = match (self.wordline.recip(), self.bitline.recip()) {
            (word, bit) if word < most && word <= bit => {
                let current = |at: usize| along(at) / left(at);
                let beyond = |at: usize| if (at + 1).is_multiple_of(cols) { 0.0 } else { current(at + 1) };
                (0..count).map(|at| current(at) - beyond(at)).collect()
            }
            (_, bit) if bit < most => {
                let current = |at: usize| down(at) / below(at);
                (0..count).map(|at| current(at) - if at < cols { 0.0 } else { current(at - cols) }).collect()
            }
            _ => (0..count).map(|at| self.conductance[at] * (wordline[at] - bitline[at])).collect(),
        };
        let (mut along_wordline, mut along_bitline) = (cell.clone(), cell.clone());
        for row in along_wordline.chunks_exact_mut(cols) {
            (1..cols).rev().for_each(|col| row[col - 1] += row[col]);
        }
        (cols..count).for_each(|at| along_bitline[at] += along_bitline[at - cols]);
        let differences = (0..count).map(|at| {
            let across = match self.conductance[at] {
                g if g > 0.0 => wordline[at] - bitline[at] - cell[at] / g,
                // What an absent cell would have to carry has nowhere to go but its lines.
                _ => cell[at].abs() * (left(at) + below(at)),
            };
            let along = along(at) - left(at) * along_wordline[at];
            let down = down(at) - below(at) * along_bitline[at];
            across.abs() + along.abs() + down.abs()
        });
        let error = differences.sum();
        OperatingPoint { wordline, bitline, cell, along_wordline, along_bitline, error }
    }
}
