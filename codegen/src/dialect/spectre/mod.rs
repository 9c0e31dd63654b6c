//! Spectre: its own netlist syntax, leaf models in Verilog-A by `ahdl_include`.

mod keywords;

use super::{CellSyntax, Dialect, Head, spectre_like, spice};
use crate::error::Error;
use crate::model::model_lines;
use crate::name::NameRules;
use crate::text::{Lines, Name, Text, Wrap};
use memloom_ir::{Design, FrameStore, Language, Library, Source as DcSource, Value};

/// The Spectre dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spectre;

impl Dialect for Spectre {
    fn name(&self) -> &'static str {
        "spectre"
    }

    fn extension(&self) -> &'static str {
        "scs"
    }

    fn names(&self) -> NameRules {
        NameRules {
            folds_case: false,
            reserved: keywords::RESERVED,
            reserved_params: keywords::RESERVED_PARAMS,
        }
    }

    fn wrap(&self) -> Wrap {
        spectre_like::WRAP
    }

    fn cell(&self) -> CellSyntax {
        CellSyntax { name: "R", nodes: " (", value: ") resistor r=", args: "" }
    }

    fn device(&self) -> CellSyntax {
        CellSyntax { name: "X", nodes: " (", value: ") ", args: "" }
    }

    fn comment(&self) -> &'static str {
        spectre_like::COMMENT
    }

    /// A file is read as SPICE until it says otherwise.
    fn language(&self) -> Option<&'static str> {
        Some("simulator lang=spectre")
    }

    fn quotes(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    fn parameter(&self, text: &mut Text<'_>, name: &str, value: f64) -> Result<(), Error> {
        spectre_like::parameters(text, &[(name, value)])
    }

    fn includes(&self, paths: &[String]) -> Result<Lines, Error> {
        spectre_like::includes(paths)
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        model_lines("spectre/models.j2", design, !stores.is_empty(), verilog_a)
    }

    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        spectre_like::begin(text, head)
    }

    fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error> {
        text.word("ends")?;
        text.word(Name::new(name)?)?;
        Ok(text.end()?)
    }

    fn call(
        &self,
        text: &mut Text<'_>,
        name: &str,
        pins: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        spectre_like::call(text, name, pins, master, args)
    }

    /// It reads files of SPICE cards too, once told.
    fn reads(&self) -> &'static [Language] {
        &[Language::Spectre, Language::Spice]
    }

    fn library(&self, library: &Library) -> Result<Lines, Error> {
        if library.language != Language::Spice {
            return spectre_like::library(library);
        }
        let mut lines = Lines::from("simulator lang=spice\n");
        lines += spice::library(library)?;
        lines += Lines::from("simulator lang=spectre\n");
        Ok(lines)
    }

    fn wrapped(
        &self,
        text: &mut Text<'_>,
        name: &str,
        pins: &[&str],
        master: &str,
        params: &[&str],
    ) -> Result<(), Error> {
        spectre_like::wrapped(text, name, pins, master, params)
    }

    fn dc_source(
        &self,
        text: &mut Text<'_>,
        name: &str,
        pins: &[&str],
        source: &DcSource,
    ) -> Result<(), Error> {
        match source {
            DcSource::Voltage(volts) => spectre_like::passive(text, name, pins, "vsource dc=", volts),
            DcSource::Current(amperes) => spectre_like::passive(text, name, pins, "isource dc=", amperes),
        }
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], ohm: &Value) -> Result<(), Error> {
        spectre_like::passive(text, name, pins, "resistor r=", ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], farad: &Value) -> Result<(), Error> {
        spectre_like::passive(text, name, pins, "capacitor c=", farad)
    }

    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        spectre_like::buffer(text, name, input, output, "vcvs gain=1")
    }

    fn takes_verilog_a(&self) -> bool {
        true
    }
}
