//! The native evaluator against formulas and against independent solvers.

#[path = "native/kit.rs"]
mod kit;

#[path = "native/cells.rs"]
mod cells;
#[path = "native/crossbars.rs"]
mod crossbars;
#[path = "native/declared.rs"]
mod declared;
#[path = "native/errors.rs"]
mod errors;
#[path = "native/frames.rs"]
mod frames;
#[path = "native/noise.rs"]
mod noise;
