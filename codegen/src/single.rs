//! A design as one text.

use crate::dialect::Dialect;
use crate::error::Error;
use crate::files::{write_models, write_subckts};
use crate::module::write_flat;
use crate::netlist::Netlist;
use crate::text::Text;
use memloom_ir::Design;
use std::io::Write;

/// Writes all of `design` in one dialect to `out`: what the files of a build hold one by one. Models first, then every
/// subcircuit, and last the top's instances if it is too wide for a subcircuit. Verilog-A models, if the dialect takes
/// any, are looked for below `verilog_a`.
///
/// # Errors
/// [`Error::Refused`] before anything is written, and those of the writer.
pub fn write_netlist(
    dialect: &dyn Dialect,
    design: &Design,
    verilog_a: &'static str,
    out: &mut dyn Write,
) -> Result<(), Error> {
    let netlist = Netlist::new(dialect, design)?;
    let mut text = Text::new(out, dialect.syntax().wrap());
    text.lines(&dialect.file_head(&design.name))?;
    write_models(&netlist, &mut text, verilog_a)?;
    write_subckts(&netlist, &mut text)?;
    match netlist.flat() {
        Some(top) => write_flat(&netlist, &mut text, top),
        None => Ok(()),
    }
}
