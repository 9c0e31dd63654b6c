//! `#[memristor]`: a cell type.

mod check;
mod expand;
mod model;

pub(crate) use model::Memristor;
