//! The tile solver against a dense nodal solver, another program's numbers, and what physics demands.

#[path = "tile/kit.rs"]
mod kit;

#[path = "tile/dense.rs"]
mod dense;
#[path = "tile/errors.rs"]
mod errors;
#[path = "tile/golden.rs"]
mod golden;
#[path = "tile/physics.rs"]
mod physics;
