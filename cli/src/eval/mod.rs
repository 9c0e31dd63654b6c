//! `memloom eval`.
pub(crate) mod diagnosis;
pub(crate) mod images;
pub(crate) mod journal;
pub(crate) mod score;
