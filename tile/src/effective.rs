//! The effective matrix of a tile: what it does to row voltages, wires and all.

use super::dissect::Dissection;
use super::network::Network;
use super::{Error, Tile};
use nalgebra::{DMatrixView, DMatrixViewMut};
use rayon::prelude::*;

/// Vectors that one thread takes at a time.
const VECTORS: usize = 64;

/// A transimpedance amplifier with feedback resistance `r_f`, ohm, around an op-amp of open-loop gain `gain`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tia {
    /// Feedback resistance, ohm.
    pub r_f: f64,
    /// Open-loop gain `A0`; may be infinite.
    pub gain: f64,
}

impl Tia {
    /// What a column sees: `R_f / (1 + A0)` to the reference, ohm.
    pub fn input_resistance(self) -> f64 {
        self.r_f / (1.0 + self.gain)
    }

    /// Output volts per ampere: `-R_f A0 / (1 + A0)`.
    pub fn transfer(self) -> f64 {
        -self.r_f / (1.0 + self.gain.recip())
    }
}

/// Current out of each column per volt of each row, siemens.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    rows: usize,
    cols: usize,
    /// `cols` numbers per row.
    siemens: Vec<f64>,
}

impl Tile {
    /// Solves the tile for every row at once.
    pub fn effective(&self) -> Effective {
        Effective { rows: self.rows, cols: self.cols, siemens: Dissection::new(self).transfer() }
    }
}

impl Tile {
    /// Conductances between the ends of the lines: the tile as a circuit around it sees it.
    pub fn ports(&self) -> Ports {
        Ports(Dissection::new(self).whole())
    }
}

/// Conductances between the ends of a tile's lines: its drivers, then what its columns end in.
pub struct Ports(Network);

impl Ports {
    /// Conductance between two different lines, siemens; columns are counted on after the rows.
    pub fn between(&self, line: usize, other: usize) -> f64 {
        self.0.between[line.min(other) * self.0.ports.len() + line.max(other)]
    }
}

impl Effective {
    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Current out of column `col` per volt of row `row`, siemens.
    pub fn siemens(&self, row: usize, col: usize) -> f64 {
        self.siemens[row * self.cols + col]
    }

    /// Every element, row by row.
    pub fn as_slice(&self) -> &[f64] {
        &self.siemens
    }

    /// Scales each column, as its amplifier does: volts per volt for [`Tia::transfer`].
    pub fn amplified(mut self, tia: Tia) -> Self {
        self.siemens.iter_mut().for_each(|g| *g *= tia.transfer());
        self
    }

    /// Column currents, amperes, for row voltages; both vector by vector, one after the other.
    ///
    /// # Errors
    /// If `volts` is no whole number of vectors.
    pub fn apply(&self, volts: &[f64]) -> Result<Vec<f64>, Error> {
        let vectors = volts.len() / self.rows;
        if !volts.len().is_multiple_of(self.rows) {
            let (got, want) = (volts.len(), (vectors + 1) * self.rows);
            return Err(Error::Length { what: "row voltages".into(), got, want });
        }
        let matrix = DMatrixView::from_slice(&self.siemens, self.cols, self.rows);
        let mut currents = vec![0.0; vectors * self.cols];
        let blocks = currents.par_chunks_mut(VECTORS * self.cols).zip(volts.par_chunks(VECTORS * self.rows));
        blocks.for_each(|(currents, volts)| {
            let count = volts.len() / self.rows;
            let volts = DMatrixView::from_slice(volts, self.rows, count);
            DMatrixViewMut::from_slice(currents, self.cols, count).gemm(1.0, &matrix, &volts, 0.0);
        });
        Ok(currents)
    }
}
