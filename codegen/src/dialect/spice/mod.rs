//! What the SPICE-like dialects share: [`Cards`], leaf models as subcircuits of B sources, and other spellings of these.

mod cards;
mod spelling;
mod twins;

pub(super) use cards::{Cards, library};
pub(super) use spelling::Spelling;
pub use twins::device_twin;
pub(super) use twins::twins;
