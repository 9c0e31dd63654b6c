//! `#[memristor]`: a cell type.

mod check;
mod device;
mod expand;
mod model;

pub(crate) use model::Memristor;
