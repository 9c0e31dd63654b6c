//! `#[activation]`.

mod check;
mod expand;
mod model;
mod names;
mod own;

pub(crate) use model::Activation;
