//! What is handed over: files below one folder.

use crate::layout::{Layout, LayoutError, lattice};
use crate::lef;
use crate::picture;
use crate::process::Process;
use memloom_codegen::cdl::Cdl;
use memloom_codegen::{Error, WrittenFile, write_file, write_program};
use memloom_ir::Design;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// The programming map, below the folder.
pub const MAP: &str = "program/conductance.csv";
/// The arrays' netlist, below the folder.
pub const ARRAYS: &str = "cdl/arrays.cdl";
/// The modules' netlist, below the folder; it includes the others.
pub const NETWORK: &str = "cdl/network.cdl";
const BOXES: &str = "cdl/boxes.cdl";
const VALUES: &str = "program/values.csv";
const TILE: &str = "picture/tile.svg";
const FLOOR_PLAN: &str = "picture/floor_plan.svg";

/// The layout of array `name`, below the folder.
pub fn gds_path(name: &str) -> String {
    format!("gds/{name}.gds")
}

/// Why nothing, or not all, was written.
#[derive(Debug, thiserror::Error)]
pub enum HandoverError {
    /// CDL cannot say it, or a file could not be written.
    #[error(transparent)]
    Write(#[from] Error),
    /// An array has no layout.
    #[error(transparent)]
    Layout(#[from] LayoutError),
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Handover {
    /// The process that arrays are laid out on.
    pub process: &'static str,
    /// The arrays.
    pub arrays: Vec<ArrayLayout>,
    /// What is left to be drawn.
    pub black_boxes: Vec<BlackBox>,
    /// Name of each module's subcircuit and number of its pins.
    pub subcircuits: Vec<(String, usize)>,
    /// The files.
    #[serde(skip)]
    pub files: Vec<WrittenFile>,
}

/// An array that was laid out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArrayLayout {
    /// Name of its subcircuit and of its layout.
    pub name: String,
    /// The subcircuit at its cross-points.
    pub cell: String,
    /// Wordlines.
    pub rows: u32,
    /// Bitlines.
    pub cols: u32,
    /// Width and height, micrometres.
    pub size_um: (f64, f64),
}

/// An empty subcircuit.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BlackBox {
    /// Its name.
    pub name: String,
    /// What is to be in it.
    pub what: String,
    /// Number of its pins.
    pub pins: usize,
}

/// Writes below `out`:
///
/// - `cdl/arrays.cdl`, `cdl/boxes.cdl`, `cdl/network.cdl`: the netlist, see [`memloom_codegen::cdl`];
/// - `gds/<array>.gds`, `lef/<array>.lef`: the layout of each array on `process`;
/// - `picture/tile.svg`, `picture/floor_plan.svg`: the largest array, and all of them side by side;
/// - `program/conductance.csv`: the programming map, with the places of cells; `program/values.csv`: values that no device
///   has.
///
/// The same design gives the same bytes.
///
/// # Errors
/// Before anything is written, what CDL cannot say and an array that cannot be laid out; then, a file that could not be
/// written.
pub fn write_handover(
    design: &Design,
    process: &'static Process,
    out: &Path,
) -> Result<Handover, HandoverError> {
    let cdl = Cdl::new(design)?;
    let layouts = cdl.arrays().map(|array| Layout::new(process, array)).collect::<Result<Vec<_>, _>>()?;
    let near = |path: &str| path.trim_start_matches("cdl/").to_owned();
    let mut files = vec![
        write_file(out, ARRAYS, |out| cdl.write_arrays(out))?,
        write_file(out, BOXES, |out| cdl.write_boxes(out))?,
        write_file(out, NETWORK, |out| cdl.write_network(out, &[near(ARRAYS), near(BOXES)]))?,
    ];
    for layout in &layouts {
        files.push(write_file(out, &gds_path(&layout.name), |out| Ok(layout.gds().write(out)?))?);
        files.push(write_file(out, &format!("lef/{}.lef", layout.name), |out| Ok(lef::write(layout, out)?))?);
    }
    if let Some(largest) = layouts.iter().max_by_key(|layout| layout.lines.len()) {
        files.push(write_file(out, TILE, |out| Ok(picture::tile(largest, out)?))?);
        files.push(write_file(out, FLOOR_PLAN, |out| Ok(picture::floor_plan(design, &layouts, out)?))?);
    }
    files.push(write_file(out, MAP, |out| write_program(design, Some(lattice(process)), out))?);
    files.push(write_file(out, VALUES, |out| cdl.write_values(out))?);
    let um = |nm: i32| f64::from(nm) / 1e3;
    let arrays = cdl.arrays().zip(&layouts).map(|(array, layout)| ArrayLayout {
        name: array.name.clone(),
        cell: array.cell.to_owned(),
        rows: array.rows,
        cols: array.cols,
        size_um: (um(layout.size.0), um(layout.size.1)),
    });
    let boxes = cdl.black_boxes().map(|found| BlackBox {
        name: found.name.clone(),
        what: found.what.clone(),
        pins: found.pins.len(),
    });
    Ok(Handover {
        process: process.name,
        arrays: arrays.collect(),
        black_boxes: boxes.collect(),
        subcircuits: cdl.subcircuits().map(|(name, pins)| (name.to_owned(), pins.len())).collect(),
        files,
    })
}
