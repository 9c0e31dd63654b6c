//! What a netlist language looks like: a folder per language. How statements are spelled is the [`Syntax`] of a family:
//! cards in [`spice`], masters in [`spectre_like`]; all else is in the printers.
//!
//! **To add one**, write its folder (its words in `keywords.rs`, what is its own in `mod.rs`) and a line in the list below. One that a simulator at hand reads has a [`TestBench`] too.

mod bench;
mod spectre_like;
mod spice;
mod statement;
mod syntax;

pub use bench::{Analysis, Drive, Source, TestBench, Tolerance};
pub use spice::device_twin;
pub use statement::{CellSyntax, Head};
pub use syntax::Syntax;

use crate::error::Error;
use crate::name::NameRules;
use crate::netlist::Netlist;
use crate::text::{Comment, Lines};
use memloom_ir::{Design, FrameStore, Language};

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

/// A netlist language.
pub trait Dialect: Sync {
    /// Name, also of its folder: `ngspice`.
    fn name(&self) -> &'static str;

    /// File extension without the dot.
    fn extension(&self) -> &'static str;

    /// What it takes for a name.
    fn names(&self) -> NameRules;

    /// How it spells statements.
    fn syntax(&self) -> &dyn Syntax;

    /// Most pins of a subcircuit, if there is a limit.
    fn max_pins(&self) -> Option<u32> {
        None
    }

    /// Its simulator's commands, if there is a simulator at hand that the text is run in.
    fn test_bench(&self) -> Option<&dyn TestBench> {
        None
    }

    /// A statement that every file starts with.
    fn language(&self) -> Option<&'static str> {
        None
    }

    /// The first lines of a file: comments that say `title`, whatever that is, and who wrote the file for what.
    fn file_head(&self, title: &str) -> Lines {
        let mut head = Lines::default();
        head.line((self.syntax().comment(), Comment::new(title)));
        head.line((
            self.syntax().comment(),
            "written by memloom ",
            env!("CARGO_PKG_VERSION"),
            " for ",
            self.name(),
            TEMPERATURE,
        ));
        if self.test_bench().is_none() {
            head.line((self.syntax().comment(), NOT_RUN));
        }
        if let Some(language) = self.language() {
            head.line(language);
        }
        head
    }

    /// The leaf models that `design` declares, and those that its `stores` need. `verilog_a` is the folder of the
    /// Verilog-A files as seen from the text, with a `/` at its end or empty.
    ///
    /// # Errors
    /// [`Error::Template`].
    fn models(&self, design: &Design, stores: &[FrameStore], verilog_a: &'static str)
    -> Result<Lines, Error>;

    /// The languages of users' files that it reads, the best first.
    fn reads(&self) -> &'static [Language] {
        &[Language::Spice]
    }

    /// Whether leaf models have a body: a user's own activation then needs one that it reads.
    fn has_bodies(&self) -> bool {
        true
    }

    /// Whether leaf models are Verilog-A files beside the text.
    fn takes_verilog_a(&self) -> bool {
        false
    }
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
