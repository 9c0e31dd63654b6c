//! The programming map: which cell gets which conductance.

use crate::error::Error;
use crate::number::Number;
use crate::text::Name;
use memloom_ir::{ABSENT, Design, Element, siemens};
use std::io::Write;

/// Writes a CSV line per cell that exists: crossbar (`module.instance`), wordline, bitline, target conductance in
/// siemens, and the state of its cell model that has it at `v_read`; empty where it is out of the cell's reach.
///
/// # Errors
/// Those of the writer; [`Error::Unplaceable`] for a crossbar whose name is none.
pub(crate) fn write_program(design: &Design, out: &mut dyn Write) -> Result<(), Error> {
    out.write_all(b"crossbar,row,column,conductance,state\n")?;
    for (_, module_name, module) in design.modules.iter() {
        for (_, name, instance) in module.instances.iter() {
            let Element::Crossbar(array) = &instance.element else { continue };
            let (module_name, name) = (Name::new(module_name)?, Name::new(name)?);
            let cell = &design.cells[array.cell()];
            for row in 0..array.rows() {
                for (col, &g) in array.row(row).iter().enumerate().filter(|(_, g)| **g != ABSENT) {
                    let g = siemens(g);
                    write!(out, "{module_name}.{name},{row},{col},{},", Number(g))?;
                    match cell.device.state_for(g, cell.v_read) {
                        Ok(state) => writeln!(out, "{}", Number(state[0]))?,
                        // The electrical rule check has named it; the target stands without a state.
                        Err(_) => out.write_all(b"\n")?,
                    }
                }
            }
        }
    }
    Ok(())
}
