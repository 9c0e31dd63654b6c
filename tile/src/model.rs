//! A crossbar tile: its cells, wires, drivers and what its columns end in.

use super::{Error, LARGEST, MAX_LINES, SMALLEST};

/// What the cells of a tile are wired with, ohm. Any of it may be zero.
///
/// A list gives one number per line, or one for all lines, or none for zero.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    /// One wordline segment: between a driver and the first cross-point, and between neighbouring cross-points.
    pub wordline: f64,
    /// One bitline segment: between neighbouring cross-points, and between the last one and the column's end.
    pub bitline: f64,
    /// Source resistance of the rows' drivers.
    pub drivers: Vec<f64>,
    /// Resistance to ground that the columns end in; for a TIA [`super::Tia::input_resistance`].
    pub terminations: Vec<f64>,
    /// Contact of each cell, in series with it.
    pub contact: f64,
}

/// A tile of `rows x cols` memristors between wordlines, driven at column 0, and bitlines, read after the last row.
#[derive(Debug, Clone, PartialEq)]
pub struct Tile {
    pub(super) rows: usize,
    pub(super) cols: usize,
    /// Of each cell with its contact.
    pub(super) conductance: Vec<f64>,
    pub(super) wordline: f64,
    pub(super) bitline: f64,
    pub(super) drivers: Vec<f64>,
    pub(super) terminations: Vec<f64>,
}

impl Tile {
    /// A tile of the cells `conductance`, siemens, row by row; 0 where a cell is absent. Contacts count as part of cells
    /// from then on.
    ///
    /// # Errors
    /// If the tile has no cells or more than [`MAX_LINES`] lines, if a list does not fit it, or if a number is
    /// neither 0 nor from [`SMALLEST`] to [`LARGEST`].
    pub fn new(rows: usize, cols: usize, conductance: Vec<f64>, lines: &Lines) -> Result<Self, Error> {
        if rows == 0 || cols == 0 {
            return Err(Error::Empty { rows, cols });
        }
        if rows.saturating_add(cols) > MAX_LINES {
            return Err(Error::TooLarge { rows, cols });
        }
        if conductance.len() != rows * cols {
            let (got, want) = (conductance.len(), rows * cols);
            return Err(Error::Length { what: "conductances".into(), got, want });
        }
        if let Some(bad) = conductance.iter().position(|g| !in_range(*g)) {
            let (row, col) = (bad / cols, bad % cols);
            return Err(Error::Conductance { row, col, siemens: conductance[bad] });
        }
        let resistance = |ohms: f64, what: &str| match in_range(ohms) {
            true => Ok(ohms),
            false => Err(Error::Resistance { what: what.into(), ohms }),
        };
        let contact = resistance(lines.contact, "contact's resistance")?;
        let through = |g: f64| if contact > 0.0 { g / (1.0 + g * contact) } else { g };
        Ok(Self {
            rows,
            cols,
            conductance: conductance.into_iter().map(through).collect(),
            wordline: resistance(lines.wordline, "wordline segment's resistance")?,
            bitline: resistance(lines.bitline, "bitline segment's resistance")?,
            drivers: one_each(&lines.drivers, rows, "driver")?,
            terminations: one_each(&lines.terminations, cols, "termination")?,
        })
    }

    /// Number of wordlines.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of bitlines.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Conductance of a cell with its contact, siemens.
    pub fn conductance(&self, row: usize, col: usize) -> f64 {
        self.conductance[row * self.cols + col]
    }

    /// Resistance of the wordline to the left of a cross-point, the driver's with it.
    pub(super) fn left_of(&self, row: usize, col: usize) -> f64 {
        if col == 0 { self.wordline + self.drivers[row] } else { self.wordline }
    }

    /// Resistance of the bitline below a cross-point, the termination with it.
    pub(super) fn below(&self, row: usize, col: usize) -> f64 {
        if row + 1 == self.rows { self.bitline + self.terminations[col] } else { self.bitline }
    }
}

fn in_range(value: f64) -> bool {
    value == 0.0 || (SMALLEST..=LARGEST).contains(&value)
}

/// One resistance per line; `kind` says what has it.
fn one_each(given: &[f64], lines: usize, kind: &str) -> Result<Vec<f64>, Error> {
    let each = match given {
        [] => vec![0.0; lines],
        [one] => vec![*one; lines],
        many if many.len() == lines => many.to_vec(),
        many => {
            return Err(Error::Length { what: format!("{kind} resistances"), got: many.len(), want: lines });
        }
    };
    match each.iter().position(|ohms| !in_range(*ohms)) {
        Some(line) => {
            Err(Error::Resistance { what: format!("resistance of {kind} {line}"), ohms: each[line] })
        }
        None => Ok(each),
    }
}
