//! One deck per leaf model type.

use super::Deck;
use crate::dialect::Dialect;
use crate::error::Error;
use memloom::ir::Design;

/// A runnable deck for every leaf model type of `design`.
///
/// # Errors
/// [`Error::Refused`] for what the dialect cannot say.
pub fn leaf_decks(_dialect: &dyn Dialect, _design: &Design) -> Result<Vec<Deck>, Error> {
    Ok(Vec::new())
}
