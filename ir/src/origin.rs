//! Where a node of the circuit came from.

use std::fmt;
use std::sync::Arc;

/// The place in the user's world that a node stands for; every message about the node names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A place in Rust source: a declaration under one of the attribute macros.
    Source {
        /// File as rustc was given it.
        file: &'static str,
        /// Line, from 1.
        line: u32,
        /// Column, from 1.
        column: u32,
    },
    /// A layer of a network, by its name in the model file.
    Layer(Arc<str>),
    /// A block of memloom's own library.
    Library,
}

impl Origin {
    /// The caller's place in source.
    #[track_caller]
    pub fn here() -> Self {
        let place = std::panic::Location::caller();
        Self::Source { file: place.file(), line: place.line(), column: place.column() }
    }

    /// The layer called `name`.
    pub fn layer(name: &str) -> Self {
        Self::Layer(name.into())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source { file, line, column } => write!(f, "{file}:{line}:{column}"),
            Self::Layer(name) => write!(f, "layer `{name}`"),
            Self::Library => f.write_str("memloom's block library"),
        }
    }
}
