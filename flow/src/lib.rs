//! What the `memloom` command does, as a library: arguments and printing stay in the command.
//!
//! ```no_run
//! use memloom_flow::{Flow, class, technologies};
//!
//! # fn main() -> memloom_flow::Result<()> {
//! let circuit = Flow::embedded()?.plan(&technologies::default())?.lower()?;
//! let image = vec![0.0; 3 * 32 * 32]; // normalised, [C][H][W]
//! println!("class {}", class(&circuit.compile()?.logits(&[image])?[0]));
//! # Ok(())
//! # }
//! ```
//!
//! - [`Flow`], [`Planned`], [`Lowered`], [`Compiled`]: a network on its way to logits. [`Finding`]s stay values.
//! - [`Whole`]: images layer by layer through a simulator.
//! - [`output`]: the one way to the disk. Nothing of a user's is overwritten, nothing is left half-written.
//! - [`journal`]: finished work on disk, so that what was stopped goes on where it was.
//! - [`interrupt`]: what is tidied up when the program is told to stop.

mod class;
mod compiled;
pub mod diagnosis;
mod disturb;
mod finding;
pub mod interrupt;
pub mod journal;
mod layers;
pub mod output;
mod source;
mod stages;
mod whole;
mod wires;

pub use class::class;
pub use compiled::{Compiled, Many, layer_inputs};
pub use disturb::{Disturbed, ReadDisturb};
pub use finding::{Finding, RuleErrors};
pub use memloom_network::technologies;
pub use source::{BUILT_IN, Reading, Source};
pub use stages::{Changes, Flow, Lowered, Planned, standard_rules};
pub use whole::{Compared, Whole};
pub use wires::Wires;

/// Any error; its text names the place and says what to do.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// A result whose error says what to do.
pub type Result<T> = std::result::Result<T, Error>;
