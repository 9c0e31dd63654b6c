//! What the `memloom` command does, as a library: arguments and printing stay in the command.
//!
//! - [`output`]: the one way to the disk. Nothing of a user's is overwritten, nothing is left half-written.
//! - [`journal`]: finished work on disk, so that what was stopped goes on where it was.
//! - [`interrupt`]: what is tidied up when the program is told to stop.

pub mod interrupt;
pub mod journal;
pub mod output;

/// Any error; its text names the place and says what to do.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// A result whose error says what to do.
pub type Result<T> = std::result::Result<T, Error>;
