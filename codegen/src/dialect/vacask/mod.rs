//! VACASK: its own netlist syntax, leaf models in Verilog-A, compiled by OpenVAF.

mod bench;
mod keywords;

use super::{CellSyntax, Dialect, Head, TestBench, spectre_like};
use crate::error::Error;
use crate::model::model_lines;
use crate::name::NameRules;
use crate::text::{Lines, Text, Wrap};
use memloom_ir::{Design, FrameStore, Language, Library, Source as DcSource, Value};

/// The VACASK dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vacask;

impl Dialect for Vacask {
    fn name(&self) -> &'static str {
        "vacask"
    }

    fn extension(&self) -> &'static str {
        "sim"
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
        CellSyntax { name: "R", nodes: " (", value: ") ml_r r=", args: "" }
    }

    fn device(&self) -> CellSyntax {
        CellSyntax { name: "X", nodes: " (", value: ") ", args: "" }
    }

    fn test_bench(&self) -> Option<&dyn TestBench> {
        Some(self)
    }

    fn comment(&self) -> &'static str {
        spectre_like::COMMENT
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
        model_lines("vacask/models.j2", design, !stores.is_empty(), verilog_a)
    }

    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        spectre_like::begin(text, head)
    }

    fn finish(&self, text: &mut Text<'_>, _name: &str) -> Result<(), Error> {
        text.word("ends")?;
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

    fn reads(&self) -> &'static [Language] {
        &[Language::Vacask]
    }

    fn library(&self, library: &Library) -> Result<Lines, Error> {
        spectre_like::library(library)
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
            DcSource::Voltage(volts) => spectre_like::passive(text, name, pins, "ml_v dc=", volts),
            DcSource::Current(amperes) => spectre_like::passive(text, name, pins, "ml_i dc=", amperes),
        }
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], ohm: &Value) -> Result<(), Error> {
        spectre_like::passive(text, name, pins, "ml_r r=", ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], farad: &Value) -> Result<(), Error> {
        spectre_like::passive(text, name, pins, "ml_c c=", farad)
    }

    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        spectre_like::buffer(text, name, input, output, "ml_e gain=1")
    }

    fn takes_verilog_a(&self) -> bool {
        true
    }
}
