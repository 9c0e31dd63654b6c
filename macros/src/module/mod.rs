//! `#[module]`: nets and the blocks between them.

mod check;
mod expand;
mod model;
mod parse;
mod rules;
mod target;

pub(crate) use model::Module;
