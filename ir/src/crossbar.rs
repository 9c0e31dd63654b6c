//! The crossbar: one node, however many cells.

use super::units::Ohms;
use super::{Cell, Id, Opposites, Parasitics};

/// Conductance that stands for "no cell at this cross-point"; never inside a cell's range.
pub const ABSENT: f32 = 0.0;

/// A crossbar array: `rows` wordlines by `cols` bitlines, a cell or none at each cross-point.
#[derive(Debug, Clone, PartialEq)]
pub struct Crossbar {
    rows: u32,
    cols: u32,
    cell: Id<Cell>,
    parasitics: Parasitics,
    conductance: Vec<f32>,
    opposites: Opposites,
}

impl Crossbar {
    /// A crossbar of `rows x cols` target conductances in siemens, row by row; [`ABSENT`] leaves a cross-point open.
    ///
    /// `r_wire` is the resistance of one wire segment between neighbouring cross-points, ohm, on both line kinds;
    /// zero leaves wires out. The first segment of a wordline lies between its port and the first column, the last
    /// segment of a bitline between the last row and its port. For all else there is [`Self::with_parasitics`].
    ///
    /// # Panics
    /// If the array's length is not `rows * cols`.
    pub fn new(rows: u32, cols: u32, cell: Id<Cell>, r_wire: f64, conductance: Vec<f32>) -> Self {
        assert_eq!(conductance.len(), rows as usize * cols as usize, "one conductance per cross-point");
        let parasitics = Parasitics::wires(Ohms::new(r_wire));
        Self { rows, cols, cell, parasitics, conductance, opposites: Opposites::None }
    }

    /// The same crossbar on other lines.
    #[must_use]
    pub fn with_parasitics(self, parasitics: Parasitics) -> Self {
        Self { parasitics, ..self }
    }

    /// The same crossbar with lines that count with opposite signs.
    ///
    /// # Panics
    /// If they do not fit it.
    pub fn with_opposites(self, opposites: Opposites) -> Self {
        assert!(opposites.fit(self.rows, self.cols), "pairs of lines of the crossbar");
        Self { opposites, ..self }
    }

    /// Number of wordlines.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// Number of bitlines.
    pub fn cols(&self) -> u32 {
        self.cols
    }

    /// The cell type.
    pub fn cell(&self) -> Id<Cell> {
        self.cell
    }

    /// What its lines and cells have besides the cells.
    pub fn parasitics(&self) -> &Parasitics {
        &self.parasitics
    }

    /// Which lines count with opposite signs.
    pub fn opposites(&self) -> &Opposites {
        &self.opposites
    }

    /// Target conductances, siemens, row by row.
    pub fn conductance(&self) -> &[f32] {
        &self.conductance
    }

    /// One wordline's conductances, siemens.
    pub fn row(&self, row: u32) -> &[f32] {
        let cols = self.cols as usize;
        &self.conductance[row as usize * cols..][..cols]
    }

    /// The cells that exist: `(row, column, conductance in siemens)`, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (u32, u32, f32)> {
        (0..self.rows).flat_map(move |row| {
            self.row(row)
                .iter()
                .enumerate()
                .filter(|(_, g)| **g != ABSENT)
                .map(move |(col, g)| (row, col as u32, *g))
        })
    }

    /// The same crossbar with other conductances.
    ///
    /// # Panics
    /// If the array's length is not that of the one before.
    pub fn holding(&self, conductance: Vec<f32>) -> Self {
        assert_eq!(conductance.len(), self.conductance.len(), "one conductance per cross-point");
        Self { conductance, opposites: self.opposites.clone(), ..*self }
    }

    /// Number of cells that exist.
    pub fn cell_count(&self) -> usize {
        self.conductance.iter().filter(|g| **g != ABSENT).count()
    }
}
