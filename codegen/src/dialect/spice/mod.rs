//! What the SPICE-like dialects share: a [`Spice`] says how it differs, and is a [`Dialect`] by that.

mod cards;
mod spelling;
mod twins;

pub(super) use cards::{Cards, library};
pub(super) use spelling::Spelling;
pub use twins::device_twin;
pub(super) use twins::twins;

use super::{CellSyntax, Dialect, Head, TestBench};
use crate::error::Error;
use crate::name::NameRules;
use crate::text::{Lines, Text, Wrap};
use memloom_ir::{Design, FrameStore, Kind, Library, Source as DcSource, Value};

/// A language of SPICE cards. Methods are those of [`Dialect`].
pub(super) trait Spice: Sync {
    fn name(&self) -> &'static str;

    fn extension(&self) -> &'static str;

    fn names(&self) -> NameRules;

    /// How it spells its cards.
    fn cards(&self) -> Cards;

    fn max_pins(&self) -> Option<u32> {
        None
    }

    fn test_bench(&self) -> Option<&dyn TestBench> {
        None
    }

    fn models(&self, design: &Design, has_store: bool, verilog_a: &'static str) -> Result<Lines, Error>;

    fn takes_verilog_a(&self) -> bool {
        false
    }
}

impl<T: Spice> Dialect for T {
    fn name(&self) -> &'static str {
        Spice::name(self)
    }

    fn extension(&self) -> &'static str {
        Spice::extension(self)
    }

    fn names(&self) -> NameRules {
        Spice::names(self)
    }

    fn wrap(&self) -> Wrap {
        Wrap { limit: 120, join: "\n+ " }
    }

    fn cell(&self) -> CellSyntax {
        CellSyntax { name: "R", nodes: " ", value: " ", args: "" }
    }

    fn device(&self) -> CellSyntax {
        CellSyntax { name: "X", nodes: " ", value: " ", args: self.cards().params }
    }

    fn max_pins(&self) -> Option<u32> {
        Spice::max_pins(self)
    }

    fn test_bench(&self) -> Option<&dyn TestBench> {
        Spice::test_bench(self)
    }

    fn comment(&self) -> &'static str {
        cards::COMMENT
    }

    fn quotes(&self) -> (&'static str, &'static str) {
        self.cards().quotes
    }

    fn parameter(&self, text: &mut Text<'_>, name: &str, value: f64) -> Result<(), Error> {
        text.word(".param")?;
        text.pairs(&[(name, value)])?;
        Ok(text.end()?)
    }

    fn includes(&self, paths: &[String]) -> Result<Lines, Error> {
        cards::includes(paths)
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        Spice::models(self, design, !stores.is_empty(), verilog_a)
    }

    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        self.cards().begin(text, head)
    }

    fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error> {
        self.cards().finish(text, name)
    }

    fn call(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        self.cards().call(text, name, nodes, master, args)
    }

    fn library(&self, library: &Library) -> Result<Lines, Error> {
        cards::library(library)
    }

    fn foreign(
        &self,
        text: &mut Text<'_>,
        kind: Kind,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        self.cards().foreign(text, kind, name, nodes, master, args)
    }

    fn wrapped(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        params: &[&str],
    ) -> Result<(), Error> {
        self.cards().wrapped(text, name, nodes, master, params)
    }

    fn dc_source(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        source: &DcSource,
    ) -> Result<(), Error> {
        match source {
            DcSource::Voltage(volts) => self.cards().passive(text, "V", name, nodes, volts),
            DcSource::Current(amperes) => self.cards().passive(text, "I", name, nodes, amperes),
        }
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], ohm: &Value) -> Result<(), Error> {
        self.cards().passive(text, "R", name, nodes, ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], farad: &Value) -> Result<(), Error> {
        self.cards().passive(text, "C", name, nodes, farad)
    }

    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        self.cards().buffer(text, name, input, output)
    }

    fn takes_verilog_a(&self) -> bool {
        Spice::takes_verilog_a(self)
    }
}
