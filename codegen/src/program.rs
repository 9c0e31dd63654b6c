//! The programming map: which cell gets which conductance.

use crate::error::Error;
use crate::number::Number;
use memloom::ir::{ABSENT, Cell, Design, Element};
use std::io::Write;

/// Writes a CSV line per cell that exists: crossbar (`module.instance`), wordline, bitline, target conductance in
/// siemens, and the state `x` of its cell model, where 0 is `g_max` and 1 is `g_min`.
///
/// # Errors
/// Those of the writer.
pub(crate) fn write_program(design: &Design, out: &mut dyn Write) -> Result<(), Error> {
    out.write_all(b"crossbar,row,column,conductance,state\n")?;
    for (_, module_name, module) in design.modules.iter() {
        for (_, name, instance) in module.instances.iter() {
            let Element::Crossbar(array) = &instance.element else { continue };
            let cell = &design.cells[array.cell()];
            for row in 0..array.rows() {
                for (col, &g) in array.row(row).iter().enumerate().filter(|(_, g)| **g != ABSENT) {
                    let (siemens, x) = (Number(f64::from(g)), Number(state(cell, f64::from(g))));
                    writeln!(out, "{module_name}.{name},{row},{col},{siemens},{x}")?;
                }
            }
        }
    }
    Ok(())
}

/// The state of a cell of conductance `g`: its resistance is linear in it.
fn state(cell: &Cell, g: f64) -> f64 {
    let (r_on, r_off) = (1.0 / cell.g_max, 1.0 / cell.g_min);
    (1.0 / g - r_on) / (r_off - r_on)
}
