//! `#[subcircuit]`: a cell of a user's file.

mod check;
mod expand;
mod model;
mod place;

pub(crate) use model::Subcircuit;
