//! The one way to the disk.

pub mod folder;

pub use folder::{MANIFEST, Staging};
