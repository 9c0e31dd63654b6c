//! `memloom eval`.
pub(crate) mod journal;
pub(crate) mod score;
