//! Layout against schematic: KLayout and netgen, and the look-up of addresses.
//!
//! Neither tool is taken at its word. KLayout says what differs, netgen's report is read to its end, and a comparison of
//! nothing is a failure. Pins are held to their names, or a circuit that is its own mirror image would match with its
//! signals exchanged. A full array is one: which of its bitlines is which is seen in coordinates alone, see [`address`].

pub mod address;
mod klayout;
mod netgen;

use crate::handover::{ARRAYS, ArrayLayout, MAP, NETWORK, gds_path};
use crate::process::Process;
use klayout::Read;
use memloom_sim::external::{Error as ToolError, Limits, Program, Scratch};
use rayon::prelude::*;
use serde::Serialize;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// The largest array that netgen compares, in cross-points. Its time grows steeply with the symmetry of what it compares:
/// 64 x 64 cells take it 2 s, 128 x 128 take it 104 s (processor time, netgen 1.5.133).
pub const NETGEN_MOST: u64 = 4096;

/// Why a check could not be made. A check that was made and found something is no error.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LvsError {
    /// A tool is missing, or took too long.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// A tool ran and compared nothing, or did not finish.
    #[error("{tool} on `{subject}`: {what}{log}")]
    Void {
        /// The tool.
        tool: &'static str,
        /// What it was given.
        subject: String,
        /// What is wrong.
        what: &'static str,
        /// The end of what it printed, each line behind a line end.
        log: String,
    },
    /// A file cannot be read or written.
    #[error("`{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The programming map is none.
    #[error("`{}`, line {line}: {what}; write the hand-over anew with `memloom layout`", path.display())]
    Map {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: u64,
        /// What is wrong.
        what: String,
    },
}

/// The tools.
#[derive(Debug, Clone)]
pub struct Lvs {
    klayout: PathBuf,
    netgen: PathBuf,
    limits: Limits,
}

/// What checks found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Array by array.
    pub arrays: Vec<ArrayReport>,
    /// Addresses of the programming map that are not where it says.
    pub map: Vec<String>,
    /// Lines of the map.
    pub map_lines: u64,
    /// The netlist of modules.
    pub network: NetworkReport,
}

/// What was found about an array.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArrayReport {
    /// Name.
    pub name: String,
    /// Memristors that KLayout extracted.
    pub devices: usize,
    /// What differs in KLayout between layout and CDL.
    pub klayout: Vec<String>,
    /// What differs in netgen; `None` where the array is beyond [`NETGEN_MOST`].
    pub netgen: Option<Vec<String>>,
    /// Design rules that are broken.
    pub rules: Vec<Broken>,
    /// Cross-points that are not where their address says.
    pub addresses: Vec<String>,
    /// Processor seconds that extraction took.
    pub extract_s: f64,
    /// Processor seconds that KLayout's comparison took.
    pub compare_s: f64,
}

/// A design rule that is broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Broken {
    /// Its name.
    pub rule: String,
    /// How often.
    pub count: usize,
    /// The first places, nanometres.
    pub places: Vec<(i64, i64)>,
}

/// What was found about the netlist of modules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NetworkReport {
    /// Subcircuits that were read.
    pub subcircuits: usize,
    /// Those that are missing or have another number of pins than the design's.
    pub pins: Vec<String>,
    /// What differs from the reference in KLayout, and in netgen, if there was one.
    pub compared: Option<(Vec<String>, Vec<String>)>,
}

impl Report {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        self.map.is_empty() && self.network.is_clean() && self.arrays.iter().all(ArrayReport::is_clean)
    }
}

impl ArrayReport {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        let netgen = self.netgen.as_ref().is_none_or(Vec::is_empty);
        netgen && self.klayout.is_empty() && self.rules.is_empty() && self.addresses.is_empty()
    }
}

impl NetworkReport {
    /// Whether nothing was found.
    pub fn is_clean(&self) -> bool {
        let same =
            self.compared.as_ref().is_none_or(|(klayout, netgen)| klayout.is_empty() && netgen.is_empty());
        same && self.pins.is_empty()
    }
}

impl Lvs {
    /// Finds the tools.
    ///
    /// # Errors
    /// If one is missing or does not run.
    pub fn new(time: Duration) -> Result<Self, LvsError> {
        let (klayout, netgen) = (Program::Klayout.find()?, Program::Netgen.find()?);
        if Program::Klayout.version(&klayout).is_err() {
            return Err(klayout::without_package(&klayout));
        }
        Program::Netgen.version(&netgen)?;
        Ok(Self { klayout, netgen, limits: Limits { time, ..Limits::default() } })
    }

    /// Checks `arrays` of the hand-over in `folder`, side by side: layout against CDL, design rules of `process`, addresses.
    ///
    /// # Errors
    /// See [`LvsError`].
    pub fn arrays(
        &self,
        folder: &Path,
        process: &Process,
        arrays: &[ArrayLayout],
    ) -> Result<Vec<ArrayReport>, LvsError> {
        let path = folder.join(ARRAYS);
        let netlist = fs::read_to_string(&path).map_err(|source| LvsError::Io { path, source })?;
        arrays.par_iter().map(|array| self.array(folder, process, array, &netlist)).collect()
    }

    fn array(
        &self,
        folder: &Path,
        process: &Process,
        array: &ArrayLayout,
        netlist: &str,
    ) -> Result<ArrayReport, LvsError> {
        let scratch = Self::scratch()?;
        let [cdl, extracted] = ["array.cdl", "extracted.cdl"].map(|name| scratch.path().join(name));
        // Each gets the two subcircuits that it needs of a file of many.
        let own = subcircuit(netlist, &array.cell) + &subcircuit(netlist, &array.name);
        fs::write(&cdl, own).map_err(|source| LvsError::Io { path: cdl.clone(), source })?;
        let found = self.extract(&scratch, folder, process, array, [&cdl, &extracted])?;
        let small = u64::from(array.rows) * u64::from(array.cols) <= NETGEN_MOST;
        let netgen =
            (small && found.is_extracted()).then(|| self.netgen(&scratch, &extracted, &cdl, &array.name));
        let broken = found.rules.iter().filter(|rule| rule.count > 0);
        Ok(ArrayReport {
            name: array.name.clone(),
            devices: found.devices.len(),
            addresses: address::of_devices(array, process, &found.devices),
            netgen: netgen.transpose()?,
            rules: broken.cloned().map(Broken::from).collect(),
            extract_s: found.extract_s,
            compare_s: found.compare_s,
            klayout: found.differences,
        })
    }

    /// Checks the programming map of the hand-over in `folder` against the places of cells in `arrays`. Gives what is
    /// wrong, and the number of lines.
    ///
    /// # Errors
    /// See [`LvsError`].
    pub fn map(
        folder: &Path,
        process: &Process,
        arrays: &[ArrayLayout],
    ) -> Result<(Vec<String>, u64), LvsError> {
        address::of_map(&folder.join(MAP), process, arrays)
    }

    /// Reads the modules' netlist of the hand-over in `folder`, or `other` in its place, which is then compared with it;
    /// `subcircuits` are the design's, each with its number of pins, the top last.
    ///
    /// # Errors
    /// See [`LvsError`].
    pub fn network(
        &self,
        folder: &Path,
        subcircuits: &[(String, usize)],
        other: Option<&Path>,
    ) -> Result<NetworkReport, LvsError> {
        let scratch = Self::scratch()?;
        let own = folder.join(NETWORK);
        let top = subcircuits.last().map_or("", |(name, _)| name);
        let read = self.read(&scratch, other.unwrap_or(&own), other.map(|_| &*own), top)?;
        let pins = unlike(subcircuits, &read);
        let compared = match other {
            None => None,
            Some(other) => Some((read.differences, self.netgen(&scratch, other, &own, top)?)),
        };
        Ok(NetworkReport { subcircuits: read.circuits.len(), pins, compared })
    }

    fn scratch() -> Result<Scratch, LvsError> {
        Scratch::new().map_err(|source| LvsError::Io { path: std::env::temp_dir(), source })
    }
}

/// The text of subcircuit `name` in `netlist`, from its first line to its last; nothing if there is none.
fn subcircuit(netlist: &str, name: &str) -> String {
    let mut inside = false;
    let mut text = String::new();
    for line in netlist.lines() {
        let mut words = line.split_ascii_whitespace();
        let statement = words.next().unwrap_or_default();
        inside |= statement.eq_ignore_ascii_case(".subckt")
            && words.next().is_some_and(|found| found.eq_ignore_ascii_case(name));
        if inside {
            text += line;
            text.push('\n');
            inside = !statement.eq_ignore_ascii_case(".ends");
        }
    }
    text
}

/// Subcircuits of the design that a netlist lacks or has with other pins.
fn unlike(subcircuits: &[(String, usize)], read: &Read) -> Vec<String> {
    let unlike = |(name, pins): &(String, usize)| {
        let found = read.circuits.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
        match found {
            None => Some(format!("{name} is missing")),
            Some((_, found)) if found != pins => {
                Some(format!("{name} has {found} pins, the design's {pins}"))
            }
            Some(_) => None,
        }
    };
    subcircuits.iter().filter_map(unlike).collect()
}

/// The end of a log, each line behind a line end.
fn tail(log: &str) -> String {
    const LINES: usize = 20;
    let lines: Vec<_> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LINES)..].iter().map(|line| format!("\n{line}")).collect()
}

#[cfg(test)]
mod tests {
    use super::subcircuit;

    #[test]
    fn a_subcircuit_is_cut_out_whole() {
        let netlist = "* x\n.SUBCKT a p\n+ q\nX1 p q b\n.ENDS a\n.subckt ab p\n.ends\n";
        assert_eq!(subcircuit(netlist, "A"), ".SUBCKT a p\n+ q\nX1 p q b\n.ENDS a\n");
        assert_eq!(subcircuit(netlist, "ab"), ".subckt ab p\n.ends\n");
        assert_eq!(subcircuit(netlist, "b"), "");
    }
}
