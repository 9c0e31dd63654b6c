//! The native evaluator: the DC operating point of any feed-forward circuit in the IR, exactly, for many inputs.
//!
//! Cells are conductances, so all that they and op-amps join is linear. A combinational module is compiled once into a
//! [`Program`]: affine rows, one per op-amp output, and behavioural blocks, in the order of dependence. What wires and
//! finite gains do is in the coefficients, at no cost per input. Where netlists write cells as devices
//! ([`CellNetlist::Device`](memloom_ir::CellNetlist::Device)), the systems that they are in are solved by Newton's
//! method for each input, with the devices in the states that they are programmed to, as a simulator's DC analysis does.
//!
//! Rails limit each op-amp after its row. That is exact where feedback joins one op-amp at a time, as in every TIA
//! and inverter; for several op-amps in one loop it is exact while none of them clips.
//!
//! What to call for what:
//! - [`Evaluator::new`] compiles a design, [`Evaluator::on_chip`] the parts of one [`Chip`](crate::chip::Chip);
//! - [`Evaluator::run_batch`] evaluates images in double precision, with clipping counts of each block and, with
//!   [`Options::watch_cells`], the largest cell voltage ([`Tally`]);
//! - [`Evaluator::batched`] gives the fast form: [`Batched::run`] evaluates a range of images in single precision;
//! - [`Evaluator::fidelity`] gives each layer's signal-to-error ratio against a reference or ideal parts.

mod batched;
mod cells;
mod elaborate;
mod error;
mod evaluator;
mod fidelity;
mod flat;
mod flatten;
mod flicker;
mod kernel;
mod known;
mod levers;
mod linear;
mod loads;
mod names;
mod newton;
mod noise;
mod options;
mod order;
mod physics;
mod plan;
mod program;
mod reduce;
mod roles;
mod solve;
mod state;
mod topology;
mod trim;
mod vectors;

/// Version of the arithmetic: raised whenever the same weights, ranges, technology, chip and images give other numbers
/// than before, be it by another circuit or another evaluation, so that what was kept of an earlier version is not taken
/// for results of this one.
pub const ARITHMETIC: u32 = 5;

pub use batched::Batched;
pub use error::Error;
pub use evaluator::{Batch, Evaluator, Matrix, Run, Signals};
pub use fidelity::Fidelity;
pub use kernel::Tally;
pub use options::{Gain, Options};
pub use program::Program;
pub use reduce::wired;
pub use vectors::evaluate_module;
