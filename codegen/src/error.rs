//! What can go wrong between the IR and a file.

use std::io;
use std::path::{Path, PathBuf};

/// Why text was not written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The dialect cannot express this part of the design. Nothing has been written.
    #[error("{dialect}: {place}: {what}")]
    Refused {
        /// The dialect.
        dialect: &'static str,
        /// Module, instance or model.
        place: String,
        /// What cannot be said, and what to do.
        what: String,
    },
    /// The file system said no; no file of this name was left half-written.
    #[error("cannot write `{}`: {source}; free some space or choose another output folder", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A template of memloom's own is broken.
    #[error("template `{name}`: {source}")]
    Template {
        /// The template.
        name: String,
        /// minijinja's reason.
        source: minijinja::Error,
    },
    /// A test bench was asked for that cannot be made.
    #[error("test bench of `{module}`: {what}")]
    Testbench {
        /// The module under test.
        module: String,
        /// What is wrong, and what to do.
        what: String,
    },
    /// A text that would be more than its place in a netlist allows.
    #[error("`{text}` cannot be {what} in a netlist; use {instead}")]
    Unplaceable {
        /// What it was to be.
        what: &'static str,
        /// The text, its control characters escaped.
        text: String,
        /// What to write.
        instead: &'static str,
    },
    /// Writing into memory or a caller's writer failed.
    #[error("cannot write the netlist: {0}")]
    Io(#[from] io::Error),
}

impl Error {
    /// Puts the file's path on an error that came from its writer.
    pub(crate) fn at(self, path: &Path) -> Self {
        match self {
            Self::Io(source) => Self::Write { path: path.into(), source },
            other => other,
        }
    }
}
