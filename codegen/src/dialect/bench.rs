//! What a dialect's simulator is told beside the netlist: sources, an analysis, where the results go.

use super::Dialect;
use crate::error::Error;
use crate::text::Text;

/// An ideal source of a test bench, against ground.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name without the dialect's prefix letter.
    pub name: &'a str,
    /// Driven node.
    pub node: &'a str,
    /// Whether it is a current source (into the node, amperes), not a voltage source (volts).
    pub current: bool,
}

/// What a source does.
#[derive(Debug, Clone, Copy)]
pub enum Drive<'a> {
    /// A constant.
    Constant(f64),
    /// One value per point of the index sweep of [`TestBench::control`].
    Indexed(&'a [f64]),
    /// Straight lines between `(time in seconds, value)` points.
    Wave(&'a [(f64, f64)]),
}

/// What a test bench runs.
#[derive(Debug, Clone, Copy)]
pub enum Analysis {
    /// An operating point for each of so many indices.
    Points(usize),
    /// A transient to `stop` with steps of at most `step`, seconds.
    Transient {
        /// End time.
        stop: f64,
        /// Largest step.
        step: f64,
    },
}

/// How little may move in a step for a point to be taken for solved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tolerance {
    /// Next to nothing: the circuit is memloom's own, of resistors and short formulas.
    Exact,
    /// What models of a foundry's transistors can reach: a millionth, and 10 nV.
    Transistors,
}

/// The control of a dialect's simulator: what makes a netlist a runnable deck.
pub trait TestBench: Dialect {
    /// An ideal source.
    ///
    /// # Errors
    /// Those of the writer.
    fn source(&self, text: &mut Text<'_>, source: Source<'_>, drive: Drive<'_>) -> Result<(), Error>;

    /// The commands: run, write the voltages of `outputs` to the rawfile [`Self::raw`], and leave with an exit code that
    /// tells success.
    ///
    /// # Errors
    /// Those of the writer and of templates.
    fn control(
        &self,
        text: &mut Text<'_>,
        analysis: Analysis,
        tolerance: Tolerance,
        outputs: &[String],
    ) -> Result<(), Error>;

    /// Name of the rawfile that [`Self::control`] writes into the working folder.
    fn raw(&self) -> &'static str;
}
