//! `#[opamp]`.

mod check;
mod expand;
mod model;

pub(crate) use model::Opamp;
