//! `#[module]`: nets and the blocks between them.

mod check;
mod expand;
mod model;
mod parse;

pub(crate) use model::Module;
