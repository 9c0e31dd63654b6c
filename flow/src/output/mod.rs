//! The one way to the disk.
//!
//! Every output of every command is a [`Staging`] (a folder) or a [`Target`] (a file). Both are settled before any
//! work, replace nothing but what memloom wrote, and are whole or not there:
//!
//! - `place`: where a path leads, links followed, and whether it can be written.
//! - [`manifest`]: what a folder holds, so that it is known again, and that nothing of a user's is in it.
//! - [`mark`]: how a file of memloom's is known again.
//! - `temporary`: what is not whole yet, under a name of its own; what a dead process left of it is removed.
//! - [`mod@folder`] and [`mod@file`]: the two kinds of output.

pub mod file;
pub mod folder;
pub mod manifest;
pub mod mark;
pub(crate) mod place;
mod temporary;

pub use file::{Target, distinct};
pub use folder::Staging;
pub use manifest::{Kind, Listed, MANIFEST};
pub use mark::{Form, Mark};
