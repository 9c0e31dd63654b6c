//! Writes a design's files.

use crate::dialect::Dialect;
use crate::error::Error;
use crate::foreign::write_leaves;
use crate::hash::hex;
use crate::model::verilog_a;
use crate::module::{write_flat, write_subckt};
use crate::netlist::Netlist;
use crate::program::write_program;
use crate::store;
use crate::text::Text;
use indexmap::IndexSet;
use memloom_ir::{Design, Id, Module};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A file of a finished build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenFile {
    /// Path below the output folder, with `/` between its parts.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of its contents, lower-case hex.
    pub sha256: String,
}

/// The section that leaf models and frame memories join.
const CELLS: &str = "cells";
/// The section that includes all others.
const TOP: &str = "top";
/// Not a section: the instances of a top that is too wide for a subcircuit.
const FLAT: &str = "flat";

/// Writes `design` in every dialect, its Verilog-A models and its programming map below `out`.
///
/// - `spice/<dialect>/<section>.<ext>`: one file per [`Module::section`]; `cells` also holds leaf models and frame
///   memories, `top` includes all others. All they hold is definitions.
/// - `spice/<dialect>/flat.<ext>`: only if the top is too wide for a subcircuit; includes `top` and holds the top's
///   instances, its ports and supplies being nodes of their names.
/// - `verilog_a/<model>.va`: one file per model.
/// - `program/conductance.csv`: a line per cell, see [`write_program`]; without a layout, without places.
///
/// Files are written side by side, and none that is there is written over; `progress` hears of each one when it is
/// whole. The result is in a fixed order, and the same design gives the same bytes. `out` is best a folder that only
/// gets its name when all of it is there.
///
/// # Errors
/// [`Error::Refused`] before anything is written; [`Error::Write`] names the file that could not be.
pub fn write_design(
    design: &Design,
    dialects: &[&dyn Dialect],
    out: &Path,
    progress: &(dyn Fn(&WrittenFile) + Sync),
) -> Result<Vec<WrittenFile>, Error> {
    let netlists: Vec<_> = dialects.iter().map(|d| Netlist::new(*d, design)).collect::<Result<_, _>>()?;
    let mut jobs: Vec<(String, Job<'_>)> = Vec::new();
    for netlist in &netlists {
        let folder = format!("spice/{}", netlist.dialect.name());
        let extension = netlist.dialect.extension();
        let sections = sections(netlist)?;
        for section in &sections {
            let job = Job::Section { netlist, section: section.clone(), sections: sections.clone() };
            jobs.push((format!("{folder}/{section}.{extension}"), job));
        }
        if let Some(top) = netlist.flat() {
            jobs.push((format!("{folder}/{FLAT}.{extension}"), Job::Flat { netlist, top }));
        }
    }
    for model in verilog_a(design)? {
        jobs.push((format!("verilog_a/{}", model.name), Job::Text(model.text)));
    }
    jobs.push(("program/conductance.csv".into(), Job::Program(design)));
    let write = |(path, job): &(String, Job<'_>)| {
        let file = write_file(out, path, |writer| job.write(writer))?;
        progress(&file);
        Ok(file)
    };
    jobs.par_iter().map(write).collect()
}

/// What a file holds.
enum Job<'a> {
    Section { netlist: &'a Netlist<'a>, section: String, sections: Vec<String> },
    Flat { netlist: &'a Netlist<'a>, top: Id<Module> },
    Text(String),
    Program(&'a Design),
}

impl Job<'_> {
    fn write(&self, out: &mut dyn Write) -> Result<(), Error> {
        match self {
            Self::Text(text) => Ok(out.write_all(text.as_bytes())?),
            Self::Program(design) => write_program(design, None, out),
            Self::Flat { netlist, top } => write_flat_top(netlist, *top, out),
            Self::Section { netlist, section, sections } => write_section(netlist, section, sections, out),
        }
    }
}

/// The sections of a netlist: `cells`, then in order of first use, `top` last.
fn sections(netlist: &Netlist<'_>) -> Result<Vec<String>, Error> {
    let mut sections = IndexSet::from([CELLS.to_owned()]);
    for (_, name, module) in netlist.modules() {
        let section = &module.section;
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        let twin = sections.iter().find(|other| other.eq_ignore_ascii_case(section) && *other != section);
        let what = if section.is_empty() || section.starts_with('.') || !section.bytes().all(plain) {
            format!("section `{section}` cannot be a file's name; use letters, digits, `_`, `-` and `.`")
        } else if section.eq_ignore_ascii_case(FLAT) {
            format!("section `{section}` is the name of another file; choose another, such as `layers`")
        } else if let Some(twin) = twin {
            format!("section `{section}` would overwrite `{twin}` where file names fold case; rename one")
        } else {
            sections.insert(section.clone());
            continue;
        };
        return Err(Error::Refused {
            dialect: netlist.dialect.name(),
            place: format!("module `{name}`"),
            what,
        });
    }
    sections.shift_remove(TOP);
    sections.insert(TOP.to_owned());
    Ok(sections.into_iter().collect())
}

fn write_section(
    netlist: &Netlist<'_>,
    section: &str,
    sections: &[String],
    out: &mut dyn Write,
) -> Result<(), Error> {
    let dialect = netlist.dialect;
    let mut text = Text::new(out, dialect.syntax().wrap());
    text.lines(&dialect.file_head(&format!("{}: {section}", netlist.design.name)))?;
    if section == TOP {
        let others = sections.iter().filter(|s| *s != TOP);
        let paths: Vec<String> = others.map(|s| format!("{s}.{}", dialect.extension())).collect();
        text.lines(&dialect.syntax().includes(&paths)?)?;
    }
    if section == CELLS {
        write_models(netlist, &mut text, "../../verilog_a/")?;
        write_stores(netlist, &mut text)?;
    }
    write_modules(netlist, &mut text, |module| module.section == section)
}

fn write_flat_top(netlist: &Netlist<'_>, top: Id<Module>, out: &mut dyn Write) -> Result<(), Error> {
    let dialect = netlist.dialect;
    let mut text = Text::new(out, dialect.syntax().wrap());
    let title = format!("{}: instances of {}", netlist.design.name, netlist.design.modules.name(top));
    text.lines(&dialect.file_head(&title))?;
    text.lines(&dialect.syntax().includes(&[format!("{TOP}.{}", dialect.extension())])?)?;
    write_flat(netlist, &mut text, top)
}

/// Writes the subcircuits of every module that `wanted` wants and that is narrow enough for one.
fn write_modules(
    netlist: &Netlist<'_>,
    text: &mut Text<'_>,
    wanted: impl Fn(&Module) -> bool,
) -> Result<(), Error> {
    let narrow = netlist.modules().filter(|(id, ..)| netlist.is_subckt(*id));
    for (id, ..) in narrow.filter(|(.., module)| wanted(module)) {
        write_subckt(netlist, text, id)?;
    }
    Ok(())
}

/// Writes the subcircuits of frame memories and of every module of `netlist` that is narrow enough for one.
pub(crate) fn write_subckts(netlist: &Netlist<'_>, text: &mut Text<'_>) -> Result<(), Error> {
    write_stores(netlist, text)?;
    write_modules(netlist, text, |_| true)
}

/// Writes the leaf models and the parameters of the whole netlist.
pub(crate) fn write_models(
    netlist: &Netlist<'_>,
    text: &mut Text<'_>,
    verilog_a: &'static str,
) -> Result<(), Error> {
    write_leaves(netlist.dialect, text, &netlist.design, &netlist.stores, verilog_a)?;
    netlist
        .parameters
        .iter()
        .try_for_each(|(name, value)| netlist.dialect.syntax().parameter(text, &name, value))
}

fn write_stores(netlist: &Netlist<'_>, text: &mut Text<'_>) -> Result<(), Error> {
    let mut stores = netlist.stores.iter();
    stores.try_for_each(|frame| store::write(netlist.dialect, text, frame, &store::name(frame)))
}

/// Writes `text` to the new file `out/path` (with `/` between its parts).
///
/// # Errors
/// [`Error::Write`] names the file.
pub fn write_text(out: &Path, path: &str, text: &str) -> Result<WrittenFile, Error> {
    write_file(out, path, |writer| Ok(writer.write_all(text.as_bytes())?))
}

/// Writes the new file `out/path` (with `/` between its parts) through `fill`. Nothing is left of one that could not be
/// written.
///
/// # Errors
/// Those of `fill`; [`Error::Write`] names the file.
pub fn write_file(
    out: &Path,
    path: &str,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
) -> Result<WrittenFile, Error> {
    let target = out.join(path);
    let created = || {
        folders(out, path)?;
        File::create_new(&target)
    };
    let file = created().map_err(|error| Error::from(error).at(&target))?;
    fill_file(file, path, fill).map_err(|error| {
        // The error at hand matters more than one from tidying up.
        let _ = fs::remove_file(&target);
        error.at(&target)
    })
}

/// Makes the folders above `path` that are missing, below `out`: that one is there, or was taken away on purpose.
fn folders(out: &Path, path: &str) -> io::Result<()> {
    path.match_indices('/').try_for_each(|(at, _)| match fs::create_dir(out.join(&path[..at])) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    })
}

fn fill_file(
    file: File,
    path: &str,
    fill: impl FnOnce(&mut dyn Write) -> Result<(), Error>,
) -> Result<WrittenFile, Error> {
    let mut out = BufWriter::with_capacity(1 << 16, Hashed { file, hash: Sha256::new(), bytes: 0 });
    fill(&mut out)?;
    let Hashed { file, hash, bytes } = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_data()?;
    Ok(WrittenFile { path: path.to_owned(), bytes, sha256: hex(hash.finalize()) })
}

/// A file that is hashed as it is written.
struct Hashed {
    file: File,
    hash: Sha256,
    bytes: u64,
}

impl Write for Hashed {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        let written = self.file.write(data)?;
        self.hash.update(&data[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
