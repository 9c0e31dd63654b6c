//! Circuits of sky130's transistors, the decks that measure them, and what was measured.
//!
//! The text of [`CELLS`] and [`DECKS`] is here, and so are the numbers that `memloom characterise` wrote of them; what runs
//! the decks and reads their curves is in `memloom-silicon`, what makes a technology of the numbers in `memloom-network`.

mod measured;
mod verdict;

pub use measured::{Condition, Measured, Unreadable, measured};
pub use verdict::Verdict;

/// The library of subcircuits; a deck includes it as `cells.sp`.
pub const CELLS: &str = include_str!("../cells.sp");

/// A cell and the deck that measures it. A deck includes `corner.sp`, too: the models of a corner, and a temperature.
pub const DECKS: [(&str, &str); 9] = [
    ("ota", include_str!("../decks/ota.sp")),
    ("tia", include_str!("../decks/tia.sp")),
    ("row_driver", include_str!("../decks/row_driver.sp")),
    ("adder", include_str!("../decks/adder.sp")),
    ("sample_hold", include_str!("../decks/sample_hold.sp")),
    ("relu", include_str!("../decks/relu.sp")),
    ("hard_sigmoid", include_str!("../decks/hard_sigmoid.sp")),
    ("hard_swish", include_str!("../decks/hard_swish.sp")),
    ("multiplier", include_str!("../decks/multiplier.sp")),
];

/// Corners of the models. In this package `sf` has fast n-channel and slow p-channel transistors, `fs` the reverse.
pub const CORNERS: [&str; 5] = ["tt", "ff", "ss", "sf", "fs"];

/// Temperatures, degrees Celsius.
pub const TEMPERATURES: [f64; 3] = [-40.0, 27.0, 85.0];
