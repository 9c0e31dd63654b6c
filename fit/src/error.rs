//! What can go wrong before a fit.

use std::io;
use std::path::PathBuf;

/// Why nothing was fitted.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file cannot be read.
    #[error("`{}`: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file is no measurement.
    #[error("`{}`: {what}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Where and what, and what to write instead.
        what: String,
    },
    /// The data are no measurement.
    #[error("{what}")]
    Data {
        /// Where and what, and what to give instead.
        what: String,
    },
    /// What is asked for cannot be fitted.
    #[error("{what}")]
    Options {
        /// What, and what to ask for instead.
        what: String,
    },
    /// A model, set or parameter that is not there, or a value out of range.
    #[error(transparent)]
    Device(#[from] memloom_devices::Error),
    /// A plot cannot be drawn.
    #[error("the plot cannot be drawn: {what}")]
    Plot {
        /// Why.
        what: String,
    },
}
