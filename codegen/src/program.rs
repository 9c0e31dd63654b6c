//! The programming map: which cell gets which conductance, and where it is.

use crate::cdl::array_name;
use crate::error::Error;
use crate::number::Number;
use crate::text::Name;
use memloom_ir::{ABSENT, Cell, Crossbar, Design, Element, siemens};
use std::io::Write;

/// Where the cells of a laid-out array are: cell `(row, column)` is `column` pitches to the right of the first one and
/// `row` pitches above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lattice {
    /// Centre of cell `(0, 0)`, nanometres from the array's origin: x, y.
    pub first: (i32, i32),
    /// From a cell to the next, nanometres: x, y.
    pub pitch: (i32, i32),
}

impl Lattice {
    /// Centre of a cell, nanometres: x, y.
    pub fn at(&self, row: u32, col: u32) -> (i64, i64) {
        let along = |first: i32, pitch: i32, at: u32| i64::from(first) + i64::from(pitch) * i64::from(at);
        (along(self.first.0, self.pitch.0, col), along(self.first.1, self.pitch.1, row))
    }
}

/// Columns of the map.
const HEAD: &[u8] = b"tile,array,row,column,x_um,y_um,conductance,code,state\n";

/// Writes a CSV line per cell that is to conduct; others are left as they were made:
///
/// - `tile`: the crossbar, `module.instance`; `array`: the subcircuit and layout that all of its size share;
/// - `row`, `column`: wordline and bitline, from 0; `x_um`, `y_um`: where `lattice` has the cell in the layout of its array,
///   micrometres; empty without one;
/// - `conductance`: the target, siemens; `code`: the nearest level, from 0 at `g_min`; empty where levels are not declared;
/// - `state`: the state of the cell's model that has the target at `v_read`; empty where it is out of reach.
///
/// # Errors
/// Those of the writer; [`Error::Unplaceable`] for a crossbar whose name is none.
pub fn write_program(design: &Design, lattice: Option<Lattice>, out: &mut dyn Write) -> Result<(), Error> {
    out.write_all(HEAD)?;
    for (_, module, content) in design.modules.iter() {
        for (_, name, instance) in content.instances.iter() {
            let Element::Crossbar(array) = &instance.element else { continue };
            let array_name = array_name(design, array);
            let tile = format!("{}.{},{}", Name::new(module)?, Name::new(name)?, Name::new(&array_name)?);
            write_tile(&tile, &design.cells[array.cell()], array, lattice, out)?;
        }
    }
    Ok(())
}

fn write_tile(
    tile: &str,
    cell: &Cell,
    array: &Crossbar,
    lattice: Option<Lattice>,
    out: &mut dyn Write,
) -> Result<(), Error> {
    for row in 0..array.rows() {
        let cells = array.row(row).iter().zip(0u32..).filter(|(g, _)| **g != ABSENT);
        for (&g, col) in cells {
            let g = siemens(g);
            write!(out, "{tile},{row},{col},")?;
            match lattice.map(|lattice| lattice.at(row, col)) {
                Some((x, y)) => write!(out, "{},{},", Number(x as f64 / 1e3), Number(y as f64 / 1e3))?,
                None => out.write_all(b",,")?,
            }
            write!(out, "{},", Number(g))?;
            if let Some(code) = code(cell, g) {
                write!(out, "{code}")?;
            }
            match cell.device.state_for(g, cell.v_read) {
                Ok(state) => writeln!(out, ",{}", Number(state[0]))?,
                // The electrical rule check has named it; the target stands without a state.
                Err(_) => out.write_all(b",\n")?,
            }
        }
    }
    Ok(())
}

/// The level that is nearest to `g`, of those evenly spaced from `g_min` to `g_max`.
fn code(cell: &Cell, g: f64) -> Option<u32> {
    let last = cell.levels?.checked_sub(1)?;
    let share = (g - cell.g_min) / (cell.g_max - cell.g_min);
    Some((share.clamp(0.0, 1.0) * f64::from(last)).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_count_the_levels_from_the_lowest_conductance() {
        let cell = Cell { levels: Some(64), ..Cell::new(1e-6, 1e-4, 0.2) };
        let step = 99e-6 / 63.0;
        assert_eq!(code(&cell, 1e-6), Some(0));
        assert_eq!(code(&cell, 1e-4), Some(63));
        assert_eq!(code(&cell, 1e-6 + 20.4 * step), Some(20));
        assert_eq!(code(&cell, 1e-6 + 20.6 * step), Some(21));
        assert_eq!(code(&Cell { levels: None, ..cell }, 1e-6), None);
    }

    #[test]
    fn a_lattice_has_rows_upwards_and_columns_to_the_right() {
        let lattice = Lattice { first: (1200, 1600), pitch: (800, 900) };
        assert_eq!(lattice.at(0, 0), (1200, 1600));
        assert_eq!(lattice.at(2, 5), (5200, 3400));
    }
}
