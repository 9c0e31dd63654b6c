//! Runs decks in real simulators, ngspice and VACASK, and reads what they compute.
//!
//! Simulators say "done" of circuits that they did not solve, so nothing here is taken on trust: every line that a
//! simulator prints must be known to be harmless, every rawfile that the deck asks for must be there and whole, and
//! every number in it finite.
//!
//! One kind of mistake passes ngspice all the same: a node that only current sources touch gets a number and no
//! message. memloom's electrical rule check and VACASK both refuse it.

pub mod check;
mod cleanup;
mod ngspice;
mod openvaf;
mod pieces;
mod process;
pub mod raw;
mod scratch;
mod tool;
mod vacask;

pub use cleanup::clean_up;
pub use ngspice::Ngspice;
pub use openvaf::OpenVaf;
pub use pieces::{Solved, Solver};
pub use process::{Job, Limits, Output};
pub use scratch::Scratch;
pub use tool::{Program, installed_packages};
pub use vacask::Vacask;

use raw::{Plot, RawError};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why a deck could not be run, or a model compiled.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The program is not installed.
    #[error("no program `{program}`: {why}; install it with `scripts/setup`, or set {variable} to its path")]
    Missing {
        /// The program's file name.
        program: &'static str,
        /// The environment variable that can name it.
        variable: &'static str,
        /// Where it was not.
        why: String,
    },
    /// The program reports no version.
    #[error("`{}` reports no version, so it is no {program} that memloom knows; run `scripts/setup`", .path.display())]
    Version {
        /// The program's file name.
        program: &'static str,
        /// What was run.
        path: PathBuf,
    },
    /// The program could not be started.
    #[error("`{}` could not be run: {source}", .program.display())]
    Start {
        /// What was run.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It ran too long.
    #[error("`{}` was killed after {seconds} s; simplify the deck or raise the time limit\n{log}", .program.display())]
    Timeout {
        /// What was run.
        program: PathBuf,
        /// The limit, seconds.
        seconds: f64,
        /// The end of what it printed.
        log: String,
    },
    /// It printed too much.
    #[error("`{}` printed more than {limit} bytes; print less or raise the limit", .program.display())]
    Chatty {
        /// What was run.
        program: PathBuf,
        /// The limit, bytes.
        limit: usize,
    },
    /// The simulator ran and did not solve the deck.
    #[error("{engine} on `{}`: {reason}\n{log}", .deck.display())]
    Failed {
        /// The simulator.
        engine: &'static str,
        /// The deck.
        deck: PathBuf,
        /// What went wrong: the simulator's own line where it has one.
        reason: String,
        /// The end of what it printed.
        log: String,
    },
    /// The deck cannot be run as it is.
    #[error("`{}`: {what}", .deck.display())]
    Deck {
        /// The deck.
        deck: PathBuf,
        /// What it lacks.
        what: String,
    },
    /// A Verilog-A model does not compile, or only with warnings.
    #[error("`{}` does not compile without errors and warnings\n{log}", .source_file.display())]
    Compile {
        /// The model's file.
        source_file: PathBuf,
        /// What the compiler printed.
        log: String,
    },
    /// A rawfile cannot be read, or lacks a vector.
    #[error("rawfile `{}`: {source}", .path.display())]
    Raw {
        /// The rawfile.
        path: PathBuf,
        /// Why.
        source: RawError,
    },
    /// A deck cannot be written.
    #[error("the deck could not be written: {what}")]
    Generate {
        /// Why.
        what: String,
    },
    /// Two evaluations cannot be compared.
    #[error("the evaluations cannot be compared: {what}")]
    Compare {
        /// Why.
        what: String,
    },
    /// A file cannot be read or written.
    #[error("`{}`: {source}", .path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a simulator computed.
#[derive(Debug, Clone)]
pub struct Run {
    /// One plot per analysis, in the deck's order.
    pub plots: Vec<Plot>,
    /// All that the simulator printed.
    pub log: String,
    /// Wall-clock time.
    pub wall: Duration,
    /// Largest resident memory seen while it ran, bytes; a run of under a millisecond or so may have none.
    pub peak_rss: Option<u64>,
}

/// A circuit simulator.
pub trait Engine {
    /// Its name: `ngspice`, `vacask`.
    fn name(&self) -> &'static str;

    /// Its version, as it reports it.
    ///
    /// # Errors
    /// When it cannot be run or reports none.
    fn version(&self) -> Result<String, Error>;

    /// Runs the deck in the directory that it lies in, and reads every rawfile that it asks for. Rawfiles of earlier
    /// runs under the same names are removed first.
    ///
    /// # Errors
    /// When the simulator fails or gives any sign that it did not solve the deck; see [`Error`].
    fn run(&self, deck: &Path, limits: &Limits) -> Result<Run, Error>;
}

/// A deck about to be run.
struct Deck {
    engine: &'static str,
    path: PathBuf,
    directory: PathBuf,
    text: String,
}

impl Deck {
    fn open(engine: &'static str, deck: &Path) -> Result<Self, Error> {
        let io = |source| Error::Io { path: deck.into(), source };
        let path = deck.canonicalize().map_err(io)?;
        let text = fs::read(&path).map_err(io)?;
        let directory = path.parent().map(Path::to_path_buf).unwrap_or_default();
        Ok(Self { engine, path, directory, text: String::from_utf8_lossy(&text).into_owned() })
    }

    /// Runs `job` in the deck's directory, has `judge` look for a reason why the run is no good, and reads the
    /// `rawfiles` (names in the deck's directory).
    fn run(
        &self,
        job: &process::Job,
        limits: &Limits,
        rawfiles: &[String],
        judge: impl Fn(&process::Output) -> Option<String>,
    ) -> Result<Run, Error> {
        let rawfiles: Vec<_> = rawfiles.iter().map(|name| self.directory.join(name)).collect();
        for path in &rawfiles {
            let failed = |source| Error::Io { path: path.clone(), source };
            fs::remove_file(path).or_else(absent_is_fine).map_err(failed)?;
        }
        let output = job.run(&self.directory, limits)?;
        let log = output.log();
        if let Some(reason) = judge(&output) {
            return Err(self.failed(reason, &log));
        }
        let mut plots = Vec::new();
        for path in &rawfiles {
            if !path.exists() {
                return Err(self.failed(format!("it wrote no rawfile `{}`", path.display()), &log));
            }
            plots.extend(raw::read(path).map_err(|source| Error::Raw { path: path.clone(), source })?);
        }
        if let Some(reason) = plots.iter().find_map(unsolved) {
            return Err(self.failed(reason, &log));
        }
        Ok(Run { plots, log, wall: output.wall, peak_rss: output.peak_rss })
    }

    fn failed(&self, reason: String, log: &str) -> Error {
        Error::Failed { engine: self.engine, deck: self.path.clone(), reason, log: tail(log) }
    }

    fn lacks(&self, what: &str) -> Error {
        Error::Deck { deck: self.path.clone(), what: what.into() }
    }
}

/// Takes a file that is not there for one removed.
fn absent_is_fine(error: io::Error) -> io::Result<()> {
    if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) }
}

/// Why `plot` is no solution: it has no points, or a number that is not finite.
fn unsolved(plot: &Plot) -> Option<String> {
    if plot.points == 0 {
        return Some(format!("plot `{}` has no points", plot.name));
    }
    plot.vectors.iter().find_map(|vector| {
        let point = vector.values.first_not_finite()?;
        Some(format!("vector `{}` of plot `{}` is not finite at point {point}", vector.name, plot.name))
    })
}

/// The end of a log, to be shown with an error.
fn tail(log: &str) -> String {
    const LINES: usize = 30;
    let lines: Vec<_> = log.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).collect();
    lines[lines.len().saturating_sub(LINES)..].join("\n")
}
