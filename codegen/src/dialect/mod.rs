//! What a netlist language looks like. One file per language; all that they share is in the printers.

mod ngspice;
mod vacask;

pub use ngspice::Ngspice;
pub use vacask::Vacask;

use crate::error::Error;
use crate::name::NameRules;
use crate::text::{Lines, Text, Wrap};
use memloom::ir::{Design, FrameStore, Value};

/// Every dialect there is.
pub const DIALECTS: [&dyn Dialect; 2] = [&Ngspice, &Vacask];

/// The fixed text around a crossbar cell: `<name><i>_<j><nodes>p n<value>R`, or a device's model in place of `R`.
#[derive(Debug, Clone, Copy)]
pub struct CellSyntax {
    /// Before the name.
    pub name: &'static str,
    /// Between name and nodes.
    pub nodes: &'static str,
    /// Between nodes and value.
    pub value: &'static str,
}

/// The head of a subcircuit.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    /// Name.
    pub name: &'a str,
    /// What the comment above it says, or nothing.
    pub doc: &'a str,
    /// Pins in order.
    pub pins: &'a [&'a str],
    /// Parameters and defaults.
    pub params: &'a [(&'a str, f64)],
}

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
    /// One value per point of the index sweep of [`Dialect::control`].
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

/// A netlist language. Its methods take names and paths as they are and refuse what would be more than a name or path
/// ([`Error::Unplaceable`]).
pub trait Dialect: Sync {
    /// Name, also of its folder: `ngspice`.
    fn name(&self) -> &'static str;

    /// File extension without the dot.
    fn extension(&self) -> &'static str;

    /// What it takes for a name.
    fn names(&self) -> NameRules;

    /// How it wraps lines.
    fn wrap(&self) -> Wrap;

    /// The text around crossbar cells that are resistors.
    fn cell(&self) -> CellSyntax;

    /// The text around crossbar cells that are devices.
    fn device(&self) -> CellSyntax;

    /// Most pins of a subcircuit, if there is a limit.
    fn max_pins(&self) -> Option<u32> {
        None
    }

    /// Whether the dialect can say all of `design`; called before a byte is written.
    ///
    /// # Errors
    /// [`Error::Refused`] names the first thing it cannot say.
    fn validate(&self, design: &Design) -> Result<(), Error>;

    /// The first line of a file: a comment that says `title`, whatever that is.
    ///
    /// # Errors
    /// [`Error::Template`].
    fn file_head(&self, title: &str) -> Result<Lines, Error>;

    /// Inclusion of other netlist files by paths relative to the text's.
    ///
    /// # Errors
    /// [`Error::Unplaceable`] for a path that cannot stand between quotes; [`Error::Template`].
    fn includes(&self, paths: &[String]) -> Result<Lines, Error>;

    /// The leaf models that `design` declares, and those that its `stores` need. `verilog_a` is the folder of the
    /// Verilog-A files as seen from the text, with a `/` at its end or empty.
    ///
    /// # Errors
    /// [`Error::Template`].
    fn models(&self, design: &Design, stores: &[FrameStore], verilog_a: &'static str)
    -> Result<Lines, Error>;

    /// Starts a subcircuit.
    ///
    /// # Errors
    /// Those of the writer and of templates.
    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error>;

    /// Ends it.
    ///
    /// # Errors
    /// Those of the writer and of templates.
    fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error>;

    /// Instantiates a subcircuit or leaf model.
    ///
    /// # Errors
    /// Those of the writer.
    fn call(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error>;

    /// A resistor, ohm.
    ///
    /// # Errors
    /// Those of the writer.
    fn resistor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], ohm: &Value) -> Result<(), Error>;

    /// A capacitor, farad.
    ///
    /// # Errors
    /// Those of the writer.
    fn capacitor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], farad: &Value) -> Result<(), Error>;

    /// An ideal unity-gain buffer: `v(output) = v(input)`, no load on the input.
    ///
    /// # Errors
    /// Those of the writer.
    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error>;

    /// An ideal source of a test bench.
    ///
    /// # Errors
    /// Those of the writer.
    fn source(&self, text: &mut Text<'_>, source: Source<'_>, drive: Drive<'_>) -> Result<(), Error>;

    /// The commands of a test bench: run, write the voltages of `outputs` to the rawfile `raw`, and leave with an
    /// exit code that tells success.
    ///
    /// # Errors
    /// Those of the writer and of templates.
    fn control(&self, text: &mut Text<'_>, analysis: Analysis, outputs: &[String]) -> Result<(), Error>;

    /// Name of the rawfile that [`Self::control`] writes into the working folder.
    fn raw(&self) -> &'static str;

    /// Whether leaf models are Verilog-A files beside the text.
    fn takes_verilog_a(&self) -> bool;
}
