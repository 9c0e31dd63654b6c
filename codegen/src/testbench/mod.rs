//! Runnable test benches.

mod dc;
mod leaf;
mod pulses;
mod wave;

pub use dc::{Circuit, dc_deck};
pub use leaf::leaf_decks;
pub use pulses::{Dut, pulse_deck};

use crate::dialect::{Analysis, TestBench, Tolerance};
use crate::error::Error;
use crate::model::VerilogA;
use crate::text::{Name, Text};
use std::path::{Path, PathBuf};

/// A file that a deck reads by its bare name.
pub type DeckFile = VerilogA;

/// A runnable deck.
#[derive(Debug, Clone)]
pub struct Deck {
    /// Name of its file.
    pub name: String,
    /// Its text.
    pub text: String,
    /// Files that must stand beside it.
    pub files: Vec<DeckFile>,
    /// The rawfile that a run writes into the working folder: binary doubles, one row per input vector or time point.
    /// Its first variable is the sweep or time, except in an operating point of ngspice.
    pub raw: &'static str,
    /// Node names of the outputs; the rawfile has them as `v(name)` (ngspice, lower case) or `name` (VACASK).
    pub outputs: Vec<String>,
}

impl Deck {
    /// Writes the deck and the files beside it into the folder `dir`, and returns the deck's path.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn write_to(&self, dir: &Path) -> Result<PathBuf, Error> {
        let save = |name: &str, text: &str| {
            let path = dir.join(name);
            std::fs::write(&path, text).map_err(|e| Error::from(e).at(&path)).map(|()| path)
        };
        self.files.iter().try_for_each(|file| save(&file.name, &file.text).map(|_| ()))?;
        save(&self.name, &self.text)
    }
}

/// Renders a deck: `body` writes all between the first line and the commands.
fn deck(
    dialect: &dyn TestBench,
    name: &str,
    title: &str,
    analysis: Analysis,
    tolerance: Tolerance,
    outputs: Vec<String>,
    body: impl FnOnce(&mut Text<'_>) -> Result<(), Error>,
) -> Result<Deck, Error> {
    let name = Name::new(name)?;
    let mut out = Vec::new();
    let mut text = Text::new(&mut out, dialect.syntax().wrap());
    text.lines(&dialect.file_head(title))?;
    body(&mut text)?;
    dialect.control(&mut text, analysis, tolerance, &outputs)?;
    let text = String::from_utf8_lossy(&out).into_owned();
    let name = format!("{name}.{}", dialect.extension());
    Ok(Deck { name, text, files: Vec::new(), raw: dialect.raw(), outputs })
}
