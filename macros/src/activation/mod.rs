//! `#[activation]`.

mod check;
mod expand;
mod model;
mod own;

pub(crate) use model::Activation;
