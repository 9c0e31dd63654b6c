//! Crossbar tiles with wire resistance, solved exactly.

mod dissect;
mod effective;
mod error;
mod gradient;
mod lattice;
mod model;
mod network;
mod point;
mod sweep;

pub use effective::{Effective, Ports, Tia};
pub use error::Error;
pub use model::{Lines, Tile};
pub use point::OperatingPoint;

/// Most lines of a tile, rows and columns together.
pub const MAX_LINES: usize = 4096;
/// Smallest conductance, siemens, and resistance, ohm, other than zero.
pub const SMALLEST: f64 = 1e-60;
/// Largest conductance, siemens, and resistance, ohm.
pub const LARGEST: f64 = 1e60;
