//! VACASK: its own netlist syntax, leaf models in Verilog-A, compiled by OpenVAF.

mod bench;
mod keywords;
mod models;

use super::{CellSyntax, Dialect, Head, TestBench};
use crate::error::Error;
use crate::name::NameRules;
use crate::number::Number;
use crate::template::{Template, Values, render, templates, values};
use crate::text::{Comment, IncludePath, Lines, Name, Text, Wrap};
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
        Wrap { limit: 120, join: " \\\n  " }
    }

    fn cell(&self) -> CellSyntax {
        CellSyntax { name: "R", nodes: " (", value: ") ml_r r=" }
    }

    fn device(&self) -> CellSyntax {
        CellSyntax { name: "X", nodes: " (", value: ") " }
    }

    fn templates(&self) -> &'static [Template] {
        templates![
            "vacask/file_head.j2",
            "vacask/includes.j2",
            "vacask/library.j2",
            "vacask/subckt_head.j2",
            "vacask/subckt_tail.j2",
            "vacask/models.j2",
            "vacask/control.j2",
        ]
    }

    fn test_bench(&self) -> Option<&dyn TestBench> {
        Some(self)
    }

    fn file_head(&self, title: &str) -> Result<Lines, Error> {
        render("vacask/file_head.j2", values! { title => Comment::new(title) })
    }

    fn includes(&self, paths: &[String]) -> Result<Lines, Error> {
        let paths = paths.iter().map(|path| IncludePath::new(path)).collect::<Result<Vec<_>, _>>()?;
        render("vacask/includes.j2", values! { paths })
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        models::models(design, !stores.is_empty(), verilog_a)
    }

    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        text.lines(&render("vacask/subckt_head.j2", values! { doc => Comment::folded(head.doc) })?)?;
        text.word("subckt")?;
        text.word(Name::new(head.name)?)?;
        nodes(text, head.pins)?;
        text.end()?;
        if !head.params.is_empty() {
            text.word("parameters")?;
            text.pairs(head.params)?;
            text.end()?;
        }
        Ok(())
    }

    fn finish(&self, text: &mut Text<'_>, _name: &str) -> Result<(), Error> {
        Ok(text.lines(&render("vacask/subckt_tail.j2", Values::default())?)?)
    }

    fn call(
        &self,
        text: &mut Text<'_>,
        name: &str,
        pins: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        text.word(Name::new(name)?)?;
        nodes(text, pins)?;
        text.word(Name::new(master)?)?;
        text.pairs(args)?;
        Ok(text.end()?)
    }

    fn language(&self) -> Language {
        Language::Vacask
    }

    fn library(&self, library: &Library) -> Result<Lines, Error> {
        let path = IncludePath::new(&library.path)?;
        let section = library.section.as_deref().map(Name::new).transpose()?;
        render("vacask/library.j2", values! { path, section })
    }

    fn wrapped(
        &self,
        text: &mut Text<'_>,
        name: &str,
        pins: &[&str],
        master: &str,
        params: &[&str],
    ) -> Result<(), Error> {
        text.word(Name::new(name)?)?;
        nodes(text, pins)?;
        text.word(Name::new(master)?)?;
        for param in params {
            let param = Name::new(param)?;
            text.word((param, "=", param))?;
        }
        Ok(text.end()?)
    }

    fn dc_source(&self, text: &mut Text<'_>, name: &str, pins: &[&str], source: &DcSource) -> Result<(), Error> {
        match source {
            DcSource::Voltage(volts) => passive(text, name, pins, "ml_v dc=", volts),
            DcSource::Current(amperes) => passive(text, name, pins, "ml_i dc=", amperes),
        }
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], ohm: &Value) -> Result<(), Error> {
        passive(text, name, pins, "ml_r r=", ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], farad: &Value) -> Result<(), Error> {
        passive(text, name, pins, "ml_c c=", farad)
    }

    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        let [name, input, output] = [Name::new(name)?, Name::new(input)?, Name::new(output)?];
        text.word((name, " (", output, " 0 ", input, " 0) ml_e gain=1e0"))?;
        Ok(text.end()?)
    }

    fn takes_verilog_a(&self) -> bool {
        true
    }
}

fn nodes(text: &mut Text<'_>, nodes: &[&str]) -> Result<(), Error> {
    match nodes {
        [] => text.word("()")?,
        [only] => text.word(("(", Name::new(only)?, ")"))?,
        [first, inner @ .., last] => {
            text.word(("(", Name::new(first)?))?;
            text.names(inner)?;
            text.word((Name::new(last)?, ")"))?;
        }
    }
    Ok(())
}

fn passive(
    text: &mut Text<'_>,
    name: &str,
    pins: &[&str],
    value_of: &'static str,
    value: &Value,
) -> Result<(), Error> {
    text.word(Name::new(name)?)?;
    nodes(text, pins)?;
    match value {
        Value::Number(x) => text.word((value_of, Number(*x)))?,
        Value::Param(param) => text.word((value_of, Name::new(param)?))?,
    }
    Ok(text.end()?)
}
