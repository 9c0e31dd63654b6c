//! How a family of languages spells statements.

use super::{CellSyntax, Head};
use crate::error::Error;
use crate::text::{Lines, Text, Wrap};
use memloom_ir::{Kind, Library, Source as DcSource, Value};

/// The statements of a netlist language. Methods take names and paths as they are and refuse what would be more than a name
/// or path ([`Error::Unplaceable`]).
pub trait Syntax: Sync {
    /// How lines are wrapped.
    fn wrap(&self) -> Wrap;

    /// The text around crossbar cells that are resistors.
    fn cell(&self) -> CellSyntax;

    /// The text around capacitors of crossbar cells and lines.
    fn cell_capacitor(&self) -> CellSyntax;

    /// The text around crossbar cells that are devices.
    fn device(&self) -> CellSyntax;

    /// What starts a comment of one line.
    fn comment(&self) -> &'static str;

    /// Around a parameter that is a value: `{` and `}`.
    fn quotes(&self) -> (&'static str, &'static str);

    /// Declares a parameter of the whole netlist.
    ///
    /// # Errors
    /// Those of the writer; [`Error::Unplaceable`] for a name that is none.
    fn parameter(&self, text: &mut Text<'_>, name: &str, value: f64) -> Result<(), Error>;

    /// Inclusion of other netlist files by paths relative to the text's.
    ///
    /// # Errors
    /// [`Error::Unplaceable`] for a path that cannot stand between quotes.
    fn includes(&self, paths: &[String]) -> Result<Lines, Error>;

    /// Inclusion of a file of a user's, or of a section of it.
    ///
    /// # Errors
    /// [`Error::Unplaceable`] for a path or a section that cannot stand between quotes; [`Error::Template`].
    fn library(&self, library: &Library) -> Result<Lines, Error>;

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

    /// Instantiates a foreign cell: a subcircuit, a transistor or a diode.
    ///
    /// # Errors
    /// Those of the writer.
    fn foreign(
        &self,
        text: &mut Text<'_>,
        _kind: Kind,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        self.call(text, name, nodes, master, args)
    }

    /// Instantiates a model inside the subcircuit that wraps it, whose parameters `params` are passed on.
    ///
    /// # Errors
    /// Those of the writer.
    fn wrapped(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        params: &[&str],
    ) -> Result<(), Error>;

    /// An independent DC source.
    ///
    /// # Errors
    /// Those of the writer.
    fn dc_source(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        source: &DcSource,
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
}
