//! `memloom sweep`.
pub(crate) mod plot;
pub(crate) mod table;
