//! Subcircuits, models and sections of a library.

use crate::error::Error;
use crate::{spectre, spice};
use std::path::{Path, PathBuf};

/// The language of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// Cards: `.subckt`, `.lib`. ngspice, HSPICE, Xyce, LTspice and Spectre's SPICE mode read it.
    Spice,
    /// Spectre's own: `subckt`, `section`.
    Spectre,
    /// VACASK's own, which looks like Spectre's.
    Vacask,
}

impl Language {
    /// As in a sentence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Spice => "SPICE",
            Self::Spectre => "Spectre",
            Self::Vacask => "VACASK",
        }
    }
}

/// What stands under a name in a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A `.subckt`.
    Subckt,
    /// A `.model` of a MOSFET: pins `d`, `g`, `s`, `b`.
    Mosfet,
    /// A `.model` of a diode: pins `p`, `n`.
    Diode,
}

impl Kind {
    /// The statement that declares it, for messages.
    pub const fn statement(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Subckt, Language::Spice) => ".subckt",
            (Self::Subckt, _) => "subckt",
            (_, Language::Spice) => ".model",
            _ => "model",
        }
    }

    /// Whether it is declared by a model line.
    pub const fn is_model(self) -> bool {
        !matches!(self, Self::Subckt)
    }
}

/// A subcircuit or a model of a library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its name, as the file spells it.
    pub name: String,
    /// Whether it is a model, not a subcircuit.
    pub is_model: bool,
    /// Pins of a subcircuit, in order.
    pub pins: Vec<String>,
    /// Parameters of a subcircuit.
    pub params: Vec<String>,
    /// The section of the library that it is in.
    pub section: Option<String>,
}

/// What a library holds, in the order of its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contents {
    /// Subcircuits and models that can be used from outside.
    pub cells: Vec<Cell>,
    /// Sections.
    pub sections: Vec<String>,
}

/// Inclusions deeper than this are a file that includes itself.
const DEEPEST: usize = 16;

/// A file that another includes, with the section taken of it, and the section of the other that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inclusion {
    pub(crate) path: String,
    pub(crate) section: Option<String>,
    pub(crate) within: Option<String>,
}

/// A file by itself.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub(crate) contents: Contents,
    pub(crate) inclusions: Vec<Inclusion>,
}

impl Contents {
    /// What `text` declares; files that it includes are left out.
    pub fn parse(text: &str, language: Language) -> Self {
        parse(text, language).contents
    }

    /// What the file at `path` declares, and those that it includes, relative to its own folder.
    ///
    /// # Errors
    /// [`Error::Read`] names the file that cannot be read, [`Error::Deep`] one that includes itself.
    pub fn read(path: &Path, language: Language) -> Result<Self, Error> {
        read(path, language, DEEPEST)
    }
}

fn parse(text: &str, language: Language) -> Parsed {
    match language {
        Language::Spice => spice::parse(text),
        Language::Spectre | Language::Vacask => spectre::parse(text),
    }
}

fn read(path: &Path, language: Language, depth: usize) -> Result<Contents, Error> {
    if depth == 0 {
        return Err(Error::Deep { path: path.into() });
    }
    let bytes = std::fs::read(path).map_err(|source| Error::Read { path: path.into(), source })?;
    let Parsed { mut contents, inclusions } = parse(&String::from_utf8_lossy(&bytes), language);
    for inclusion in inclusions {
        let inner = read(&beside(path, &inclusion.path), language, depth - 1)?;
        // What the other file has in a section counts where that section was asked for.
        let taken = inner.cells.into_iter().filter(|cell| cell.section == inclusion.section);
        contents.cells.extend(taken.map(|cell| Cell { section: inclusion.within.clone(), ..cell }));
    }
    Ok(contents)
}

/// A path as the file at `from` means it.
fn beside(from: &Path, path: &str) -> PathBuf {
    from.parent().unwrap_or(Path::new("")).join(path)
}
