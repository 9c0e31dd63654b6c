//! What a netlist language looks like. A folder per language; what SPICE-like ones share is in [`spice`], what
//! Spectre-like ones do in [`spectre_like`], all else is in the printers.
//!
//! **To add one**, write its folder (its words in `keywords.rs`, how it spells a statement in `mod.rs`) and a line in the
//! list below. One that a simulator at hand reads has a [`TestBench`] too.

mod bench;
mod spectre_like;
mod spice;
mod statement;

pub use bench::{Analysis, Drive, Source, TestBench};
pub use spice::device_twin;
pub use statement::{CellSyntax, Head};

use crate::error::Error;
use crate::name::NameRules;
use crate::netlist::Netlist;
use crate::text::{Comment, Lines, Text, Wrap};
use memloom_ir::{Design, FrameStore, Kind, Language, Library, Source as DcSource, Value};

/// Declares a module and an entry of [`DIALECTS`] for each language.
macro_rules! dialects {
    ($($folder:ident $dialect:ident)*) => {
        $(
            mod $folder;
            pub use $folder::$dialect;
        )*
        /// Every dialect there is.
        pub const DIALECTS: &[&dyn Dialect] = &[$(&$dialect),*];
    };
}

dialects! {
    ngspice Ngspice
    vacask Vacask
    xyce Xyce
    ltspice Ltspice
    hspice Hspice
    spectre Spectre
}

/// The dialect called `name`.
pub fn dialect(name: &str) -> Option<&'static dyn Dialect> {
    DIALECTS.iter().copied().find(|dialect| dialect.name() == name)
}

/// The dialects whose text the tests run in a simulator.
pub fn simulated() -> impl Iterator<Item = &'static dyn TestBench> {
    DIALECTS.iter().filter_map(|dialect| dialect.test_bench())
}

/// At what temperature the models are: their own, which is a parameter of those that depend on one.
const TEMPERATURE: &str = "; its models have their own temperature, whatever the simulator's";

/// What the files of a dialect without a test bench say of themselves.
const NOT_RUN: &str = "not run in a simulator: no test of memloom has one that reads this dialect";

/// Whether `dialect` can say all of `design`: what [`crate::write_design`] asks before a byte is written.
///
/// # Errors
/// [`Error::Refused`] names the first thing it cannot say.
pub fn validate(dialect: &dyn Dialect, design: &Design) -> Result<(), Error> {
    Netlist::new(dialect, design).map(|_| ())
}

/// Every dialect of `dialects` and the words that it keeps for itself, in lower case: for the rule check
/// (`erc::Config::reserve`).
pub fn reserved<'d>(
    dialects: impl IntoIterator<Item = &'d dyn Dialect>,
) -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    dialects.into_iter().map(|dialect| (dialect.name(), dialect.names().reserved))
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

    /// Its simulator's commands, if there is a simulator at hand that the text is run in.
    fn test_bench(&self) -> Option<&dyn TestBench> {
        None
    }

    /// What starts a comment of one line.
    fn comment(&self) -> &'static str;

    /// A statement that every file starts with.
    fn language(&self) -> Option<&'static str> {
        None
    }

    /// The first lines of a file: comments that say `title`, whatever that is, and who wrote the file for what.
    fn file_head(&self, title: &str) -> Lines {
        let mut head = Lines::default();
        head.line((self.comment(), Comment::new(title)));
        head.line((
            self.comment(),
            "written by memloom ",
            env!("CARGO_PKG_VERSION"),
            " for ",
            self.name(),
            TEMPERATURE,
        ));
        if self.test_bench().is_none() {
            head.line((self.comment(), NOT_RUN));
        }
        if let Some(language) = self.language() {
            head.line(language);
        }
        head
    }

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

    /// The languages of users' files that it reads, the best first.
    fn reads(&self) -> &'static [Language] {
        &[Language::Spice]
    }

    /// Inclusion of a file of a user's, or of a section of it.
    ///
    /// # Errors
    /// [`Error::Unplaceable`] for a path or a section that cannot stand between quotes; [`Error::Template`].
    fn library(&self, library: &Library) -> Result<Lines, Error>;

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

    /// Whether leaf models are Verilog-A files beside the text.
    fn takes_verilog_a(&self) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_and_words_are_those_of_a_registry() {
        let names: HashSet<_> = DIALECTS.iter().map(|dialect| dialect.name()).collect();
        assert_eq!(names.len(), DIALECTS.len());
        for dialect in DIALECTS {
            assert!(super::dialect(dialect.name()).is_some_and(|found| found.name() == dialect.name()));
            let NameRules { reserved, reserved_params, .. } = dialect.names();
            for word in reserved.iter().chain(reserved_params) {
                assert_eq!(*word, word.to_ascii_lowercase(), "{}", dialect.name());
            }
        }
        assert!(super::dialect("spice").is_none());
    }

    #[test]
    fn a_simulated_dialect_is_the_one_of_its_bench() {
        let names: Vec<_> = simulated().map(|bench| bench.name()).collect();
        assert_eq!(names, ["ngspice", "vacask"]);
    }
}
