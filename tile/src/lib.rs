//! Crossbar tiles with wire resistance, solved exactly.
//!
//! A [`Tile`] is a linear circuit: cells between wordlines, driven at one end, and bitlines, which end in what their
//! amplifiers look like. Wires, drivers, terminations and contacts may each have no resistance, and cells may be absent.
//! - [`Tile::effective`] solves it once for all inputs, by nested dissection: `O(n^3)`. Each later vector costs a
//!   product with the matrix.
//! - [`Tile::solve`] gives every voltage and current for one vector, by conjugate gradients over sweeps of whole
//!   lines, each step `O(n^2)`; a tile that needs many steps is solved by nested dissection.
//! - [`Tile::ports`] is the tile as a circuit sees it that drives and reads it through more than resistors.
//!
//! Results have the same bits on any number of threads. They do not lose precision to wires that conduct millions of
//! times better than cells, or worse: neither method subtracts conductances.
//!
//! Memory is bounded by the lines: for a matrix 60 `(rows + cols)^2` bytes on two threads, 100 on eight, which is a
//! quarter of a gibibyte for 1024 x 1024 on two; for one vector 80 bytes a cell, unless nested dissection solves it.
//! A tile of more than [`MAX_LINES`] lines is refused.
//!
//! ```
//! use memloom_tile::{Lines, Tia, Tile};
//! let tia = Tia { r_f: 10e3, gain: 1e4 };
//! let terminations = vec![tia.input_resistance()];
//! let lines = Lines { wordline: 1.0, bitline: 1.0, drivers: vec![50.0], terminations, contact: 20.0 };
//! let tile = Tile::new(2, 3, vec![1e-5, 2e-5, 0.0, 3e-5, 1e-5, 4e-5], &lines)?;
//! let matrix = tile.effective();
//! let volts = matrix.amplified(tia).apply(&[0.1, 0.2])?;
//! assert!((volts[0] + 10e3 * (0.1 * 1e-5 + 0.2 * 3e-5)).abs() < 1e-3);
//! let point = tile.solve(&[0.1, 0.2])?;
//! assert!(point.wordline[2] < 0.1 && point.error < 1e-15);
//! # Ok::<(), memloom_tile::Error>(())
//! ```

mod coarse;
mod descent;
mod dissect;
mod effective;
mod error;
mod gradient;
mod lattice;
mod model;
mod modes;
mod network;
mod point;
mod sweep;
mod wide;

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
