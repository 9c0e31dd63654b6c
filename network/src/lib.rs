//! A trained network to a graph, a plan and a circuit.
//!
//! [`Network::read`] gives the [`graph`] and its settings, [`stages`](stage::stages) folds it for the mapper,
//! [`Reference`] runs it in plain arithmetic, and [`Ranges`] says how large its values get.

pub mod arch;
mod bounds;
pub mod budget;
pub mod calibrate;
pub mod cifar;
#[cfg(feature = "embedded")]
mod embedded;
pub mod error;
pub mod files;
pub mod graph;
pub mod idle;
pub mod images;
pub mod import;
pub mod lower;
mod measure;
pub mod model;
mod names;
mod parts;
pub mod plan;
pub mod reference;
pub mod shape;
pub mod sidecar;
mod sides;
pub mod stage;
pub mod technologies;
pub mod weights;

pub use calibrate::Ranges;
#[cfg(feature = "embedded")]
pub use embedded::embedded;
pub use error::Error;
pub use graph::Graph;
pub use measure::Percentile;
pub use memloom_sky130::Verdict;
pub use model::Network;
pub use reference::Reference;
