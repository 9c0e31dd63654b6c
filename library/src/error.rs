//! What can go wrong with a file.

use std::io;
use std::path::PathBuf;

/// Why a library was not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The system could not read it.
    #[error("cannot read `{}`: {}; write the path of the file with the circuit, from the crate's folder", path.display(), said(source))]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// It includes itself, or more than 16 files one inside the other.
    #[error("`{}` is included more than 16 files deep; does it include itself?", path.display())]
    Deep {
        /// The file.
        path: PathBuf,
    },
}

/// The system's reason, in the words of one system.
fn said(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".into(),
        io::ErrorKind::IsADirectory => "it is a folder".into(),
        _ => error.to_string(),
    }
}
