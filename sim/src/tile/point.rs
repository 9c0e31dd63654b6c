//! The operating point of a tile for one vector of row voltages: every voltage and every current in it.

use super::dissect::Dissection;
use super::gradient::Gradient;
use super::{Error, Tile};

/// What one more sweep may change, of the largest row voltage.
const GOAL: f64 = 1e-13;
/// Rounds of conjugate gradients, and their steps, before the tile is solved directly.
const ROUNDS: usize = 4;
const STEPS: usize = 400;

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
    /// Largest difference between the voltage along a segment by its ends and by its current, volts.
    pub residual: f64,
}

impl OperatingPoint {
    /// Current out of each column.
    pub fn currents(&self, tile: &Tile) -> &[f64] {
        &self.along_bitline[(tile.rows() - 1) * tile.cols()..]
    }
}

impl Tile {
    /// Solves the tile for the drivers' voltages `volts`: by conjugate gradients, and directly where these are slow.
    /// Memory is 11 numbers a cell for the first.
    ///
    /// # Errors
    /// If `volts` is not one finite voltage per row, or [`Error::Conditioning`].
    pub fn solve(&self, volts: &[f64]) -> Result<OperatingPoint, Error> {
        if volts.len() != self.rows {
            return Err(Error::Length { what: "row voltages", got: volts.len(), want: self.rows });
        }
        if let Some(row) = volts.iter().position(|v| !(v.abs() <= super::LARGEST)) {
            return Err(Error::Voltage { row, volts: volts[row] });
        }
        let goal = GOAL * volts.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
        let mut gradient = Gradient::new(self);
        let solution = gradient.solve(volts, goal, ROUNDS, STEPS);
        if solution.change > goal {
            drop((gradient, solution));
            return self.solve_directly(volts);
        }
        let field = |field: &[super::sweep::Lane]| {
            let value = |row, col| {
                let (node, lane) = gradient.place(self, row, col);
                field[node][lane]
            };
            let cross_points = (0..self.rows).flat_map(|row| (0..self.cols).map(move |col| (row, col)));
            cross_points.map(|(row, col)| value(row, col)).collect()
        };
        Ok(self.point(volts, field(&solution.v), field(&solution.u)))
    }

    /// The same by nested dissection, for wires of any resistance.
    ///
    /// # Errors
    /// As [`Tile::solve`].
    fn solve_directly(&self, volts: &[f64]) -> Result<OperatingPoint, Error> {
        let nodes = Dissection::new(self).volts(volts)?;
        Ok(self.point(volts, nodes.wordline, nodes.bitline))
    }

    /// Currents for the voltages at the cross-points.
    fn point(&self, volts: &[f64], wordline: Vec<f64>, bitline: Vec<f64>) -> OperatingPoint {
        let (rows, cols) = (self.rows, self.cols);
        let ends = wordline.iter().zip(&bitline).zip(&self.conductance);
        let cell: Vec<f64> = ends.map(|((v, u), g)| g * (v - u)).collect();
        // A segment carries the cells beyond it: exact where the voltages of its ends hardly differ.
        let (mut along_wordline, mut along_bitline) = (cell.clone(), cell.clone());
        for row in along_wordline.chunks_exact_mut(cols) {
            (1..cols).rev().for_each(|col| row[col - 1] += row[col]);
        }
        for at in cols..rows * cols {
            along_bitline[at] += along_bitline[at - cols];
        }
        let mut residual: f64 = 0.0;
        for row in 0..rows {
            for col in 0..cols {
                let at = row * cols + col;
                let before = if col == 0 { volts[row] } else { wordline[at - 1] };
                let after = if row + 1 == rows { 0.0 } else { bitline[at + cols] };
                let along = before - wordline[at] - self.left_of(row, col) * along_wordline[at];
                let down = bitline[at] - after - self.below(row, col) * along_bitline[at];
                residual = residual.max(along.abs()).max(down.abs());
            }
        }
        OperatingPoint { wordline, bitline, cell, along_wordline, along_bitline, residual }
    }
}
