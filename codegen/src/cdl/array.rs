//! Subcircuits of crossbars: a cell at every cross-point.

use super::statement::{Pin, begin, finish};
use crate::error::Error;
use crate::name::bit;
use crate::text::{Name, Text};
use memloom_ir::{Crossbar, Design, Direction};

/// The subcircuit of all crossbars of one size and cell type.
#[derive(Debug, Clone, PartialEq)]
pub struct Array<'d> {
    /// Its name.
    pub name: String,
    /// Wordlines.
    pub rows: u32,
    /// Bitlines.
    pub cols: u32,
    /// The subcircuit at each cross-point.
    pub cell: &'d str,
    /// Pins of the cell in order: `p` hangs on the wordline, `n` on the bitline, others are supplies.
    pub cell_pins: Vec<&'d str>,
}

/// The name of the subcircuit of a crossbar of `design`: its cell and its size.
pub fn array_name(design: &Design, array: &Crossbar) -> String {
    format!("ml_{}_{}x{}", design.cells.name(array.cell()), array.rows(), array.cols())
}

impl<'d> Array<'d> {
    pub(super) fn new(design: &'d Design, array: &Crossbar) -> Self {
        let cell = design.cells.name(array.cell());
        let body = design.bodies.get(cell);
        let (cell, cell_pins) = match body.and_then(|body| body.cell.as_ref()) {
            Some(foreign) => (&*foreign.name, foreign.pins.iter().map(|pin| &*pin.name).collect()),
            None => {
                let supplies = body.into_iter().flat_map(|body| &body.supplies).map(|supply| &*supply.pin);
                (cell, ["p", "n"].into_iter().chain(supplies).collect())
            }
        };
        Self { name: array_name(design, array), rows: array.rows(), cols: array.cols(), cell, cell_pins }
    }

    /// Names of its wordlines' pins: `row_0`, `row_1`, ..; a single one is `row`.
    pub fn row_pins(&self) -> Vec<String> {
        (0..self.rows).map(|row| bit("row", self.rows, row)).collect()
    }

    /// Names of its bitlines' pins, `col_0`, ..
    pub fn col_pins(&self) -> Vec<String> {
        (0..self.cols).map(|col| bit("col", self.cols, col)).collect()
    }

    /// The supply pins that its cells have, and it with them.
    pub fn supply_pins(&self) -> impl Iterator<Item = &'d str> + '_ {
        self.cell_pins.iter().copied().filter(|pin| !matches!(*pin, "p" | "n"))
    }

    /// What `*.PININFO` says of the pins of its cell.
    pub(super) fn cell_info(&self) -> Vec<Pin> {
        let info = |pin: &&str| match *pin {
            "p" | "n" => Pin::new(*pin, Direction::Passive),
            supply => Pin::rail(supply),
        };
        self.cell_pins.iter().map(info).collect()
    }

    /// Writes it, cell by cell.
    pub(super) fn write(&self, text: &mut Text<'_>) -> Result<(), Error> {
        let (rows, cols) = (self.row_pins(), self.col_pins());
        let lines = rows.iter().chain(&cols).map(|name| Pin::new(name, Direction::Passive));
        let pins: Vec<Pin> = lines.chain(self.supply_pins().map(Pin::rail)).collect();
        let doc = format!("{} wordlines by {} bitlines of {}", self.rows, self.cols, self.cell);
        begin(text, &self.name, &doc, &pins)?;
        let cell = Name::new(self.cell)?;
        self.cell_pins.iter().try_for_each(|pin| Name::new(pin).map(|_| ()))?;
        let out = text.raw();
        for (i, row) in rows.iter().enumerate() {
            for (j, col) in cols.iter().enumerate() {
                write!(out, "X{i}_{j}")?;
                for pin in &self.cell_pins {
                    let node = match *pin {
                        "p" => row,
                        "n" => col,
                        supply => supply,
                    };
                    write!(out, " {node}")?;
                }
                writeln!(out, " {cell}")?;
            }
        }
        finish(text, &self.name)
    }
}
