//! What each fuzz target does with its bytes: the fuzzer runs these functions, and so do the tests beside this crate.
//!
//! A target reads bytes as one of memloom's readers does, or draws a network or a circuit from them, and takes the result
//! as far as the product would. It says whether there was a result; a refusal is as good. A panic, an assertion that does
//! not hold, time and memory out of all proportion to the bytes are findings.

mod builder;
mod csv;
mod images;
mod journal;
mod netlists;
mod network;
mod raw;
mod sidecar;
mod weights;

pub use builder::builder;
pub use csv::csv;
pub use images::images;
pub use journal::journal;
pub use network::network;
pub use raw::raw;
pub use sidecar::sidecar;
pub use weights::weights;

/// Whether the bytes were read, not refused.
pub type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is also that of its folder in `fuzz/corpus`.
pub const TARGETS: [(&str, Target); 8] = [
    ("builder", builder),
    ("csv", csv),
    ("images", images),
    ("journal", journal),
    ("network", network),
    ("raw", raw),
    ("sidecar", sidecar),
    ("weights", weights),
];
