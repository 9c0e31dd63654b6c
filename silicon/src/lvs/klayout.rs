//! KLayout, as a Python package: a script of ours that runs in a process of its own.

use super::{Broken, Lvs, LvsError, gds_path, tail};
use crate::handover::ArrayLayout;
use crate::process::{Layer, Metal, Process, Rule};
use memloom_sim::external::{Job, Scratch};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::{Path, PathBuf};

const ARRAY: (&str, &str) = ("array.py", include_str!("array.py"));
const NETLIST: (&str, &str) = ("network.py", include_str!("network.py"));

/// What `array.py` is told.
#[derive(Serialize)]
struct ArrayJob<'a> {
    name: &'a str,
    gds: PathBuf,
    cdl: &'a Path,
    cell: &'a str,
    wordline: Lines,
    bitline: Lines,
    via: Layer,
    memristor: Layer,
    rules: &'a [Rule],
    extracted: &'a Path,
}

#[derive(Serialize)]
struct Lines {
    drawing: Layer,
    label: Layer,
}

impl From<Metal> for Lines {
    fn from(metal: Metal) -> Self {
        Self { drawing: metal.drawing, label: metal.label }
    }
}

/// What it finds of an array.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Found {
    pins: Vec<String>,
    pub(super) devices: Vec<Device>,
    pub(super) differences: Vec<String>,
    pub(super) rules: Vec<Checked>,
    pub(super) extract_s: f64,
    pub(super) compare_s: f64,
}

impl Found {
    /// Whether there is a netlist to go on with.
    pub(super) fn is_extracted(&self) -> bool {
        !self.pins.is_empty() && !self.devices.is_empty()
    }
}

/// An extracted memristor: its place in nanometres, the nets of `p` and `n`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Device(pub(super) i64, pub(super) i64, pub(super) String, pub(super) String);

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Checked {
    rule: String,
    pub(super) count: usize,
    #[serde(rename = "where")]
    places: Vec<(i64, i64)>,
}

impl From<Checked> for Broken {
    fn from(checked: Checked) -> Self {
        Self { rule: checked.rule, count: checked.count, places: checked.places }
    }
}

/// What `network.py` is told.
#[derive(Serialize)]
struct NetlistJob<'a> {
    netlist: PathBuf,
    reference: Option<PathBuf>,
    top: &'a str,
}

/// What it finds.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Read {
    pub(super) circuits: Vec<(String, usize)>,
    pub(super) differences: Vec<String>,
}

impl Lvs {
    /// Extracts `array`, compares it with the netlist `cdl` and checks the rules of `process`; writes what it extracted to
    /// `extracted`.
    pub(super) fn extract(
        &self,
        scratch: &Scratch,
        folder: &Path,
        process: &Process,
        array: &ArrayLayout,
        [cdl, extracted]: [&Path; 2],
    ) -> Result<Found, LvsError> {
        let job = ArrayJob {
            name: &array.name,
            gds: absolute(&folder.join(gds_path(&array.name)))?,
            cdl,
            cell: &array.cell,
            wordline: process.wordline.into(),
            bitline: process.bitline.into(),
            via: process.via,
            memristor: process.memristor,
            rules: process.rules,
            extracted,
        };
        self.klayout(scratch, ARRAY, &job, &array.name)
    }

    /// Reads `netlist` and compares it with `reference`, if there is one.
    pub(super) fn read(
        &self,
        scratch: &Scratch,
        netlist: &Path,
        reference: Option<&Path>,
        top: &str,
    ) -> Result<Read, LvsError> {
        let reference = reference.map(absolute).transpose()?;
        let job = NetlistJob { netlist: absolute(netlist)?, reference, top };
        let read: Read = self.klayout(scratch, NETLIST, &job, &netlist.display().to_string())?;
        match read.circuits.is_empty() {
            true => Err(void(&netlist.display().to_string(), "it found no subcircuit", "")),
            false => Ok(read),
        }
    }

    /// Runs a script and reads what it says.
    fn klayout<T: DeserializeOwned>(
        &self,
        scratch: &Scratch,
        (script, text): (&str, &str),
        job: &impl Serialize,
        subject: &str,
    ) -> Result<T, LvsError> {
        let [script, input] = [script, "job.json"].map(|name| scratch.path().join(name));
        let written = |path: &PathBuf, text: &str| {
            fs::write(path, text).map_err(|source| LvsError::Io { path: path.clone(), source })
        };
        written(&script, text)?;
        written(&input, &serde_json::to_string(job).expect("names and numbers"))?;
        // Isolated: what the environment says of Python's path does not matter.
        let run = Job::new(&self.klayout).arg("-I").arg(&script).arg(&input);
        let output = run.run(scratch.path(), &self.limits)?;
        if !output.status.success() {
            return Err(void(subject, "it failed", &output.log()));
        }
        serde_json::from_str(&output.stdout)
            .map_err(|_| void(subject, "it says nothing that can be read", &output.log()))
    }
}

/// The Python at `path` is not one that has KLayout.
pub(super) fn without_package(path: &Path) -> LvsError {
    let what = "this Python does not run, or has no package `klayout`; install it with `scripts/setup`, or set MEMLOOM_KLAYOUT to a Python that has it";
    void(&path.display().to_string(), what, "")
}

fn void(subject: &str, what: &'static str, log: &str) -> LvsError {
    LvsError::Void { tool: "KLayout", subject: subject.to_owned(), what, log: tail(log) }
}

/// The path of a file for a process in another folder.
pub(super) fn absolute(path: &Path) -> Result<PathBuf, LvsError> {
    path.canonicalize().map_err(|source| LvsError::Io { path: path.into(), source })
}
