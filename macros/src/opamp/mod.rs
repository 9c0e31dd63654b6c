//! `#[opamp]`.

pub(crate) mod check;
mod expand;
mod model;

pub(crate) use model::Opamp;
