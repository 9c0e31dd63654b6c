//! What a netlist library of a user's declares, and whether it is what a declaration says of it.
//!
//! [`Contents::read`] reads a file and the files it includes: subcircuits with pins and parameters, models, sections.
//! [`Wanted::check`] compares one of them with what was declared. Attributes ask while a program compiles, printers
//! before they write: both tell of a missing file, section, subcircuit, pin or parameter in the same words.
//!
//! ```
//! use memloom_library::{Contents, Language};
//!
//! let contents = Contents::parse(".subckt ota inp inn out vdd vss w=1u\n.ends\n", Language::Spice);
//! let ota = &contents.cells[0];
//! assert_eq!((ota.name.as_str(), ota.pins.len(), ota.params[0].as_str()), ("ota", 5, "w"));
//! ```

mod contents;
mod error;
mod line;
mod nearest;
mod spectre;
mod spice;
mod wanted;

pub use contents::{Cell, Contents, Kind, Language};
pub use error::Error;
pub use nearest::{list, nearest};
pub use wanted::{About, Mistake, Wanted};
