//! What VACASK and Spectre share: `name (nodes) master parameters`.

use super::{CellSyntax, Head, Syntax, spice};
use crate::error::Error;
use crate::number::Number;
use crate::text::{IncludePath, Lines, Name, Text, Wrap};
use memloom_ir::{Language, Library, Source as DcSource, Value};

/// How a dialect spells what differs: the master of each primitive and the parameter that is its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Masters {
    /// Between the nodes of a crossbar cell and its resistance: `) resistor r=`.
    pub(super) cell: &'static str,
    /// The same with a capacitance: `) capacitor c=`.
    pub(super) cell_capacitor: &'static str,
    /// `resistor r=`, and so on.
    pub(super) resistor: &'static str,
    pub(super) capacitor: &'static str,
    pub(super) voltage: &'static str,
    pub(super) current: &'static str,
    /// A voltage-controlled source of gain 1.
    pub(super) buffer: &'static str,
    /// Whether the end of a subcircuit says its name.
    pub(super) names_its_end: bool,
}

impl Syntax for Masters {
    /// A backslash at its end continues a line.
    fn wrap(&self) -> Wrap {
        Wrap { limit: 120, join: " \\\n  " }
    }

    fn cell(&self) -> CellSyntax {
        CellSyntax { name: "R", nodes: " (", value: self.cell, args: "" }
    }

    fn cell_capacitor(&self) -> CellSyntax {
        CellSyntax { name: "C", nodes: " (", value: self.cell_capacitor, args: "" }
    }

    fn device(&self) -> CellSyntax {
        CellSyntax { name: "X", nodes: " (", value: ") ", args: "" }
    }

    fn comment(&self) -> &'static str {
        COMMENT
    }

    fn quotes(&self) -> (&'static str, &'static str) {
        ("", "")
    }

    fn parameter(&self, text: &mut Text<'_>, name: &str, value: f64) -> Result<(), Error> {
        parameters(text, &[(name, value)])
    }

    fn includes(&self, paths: &[String]) -> Result<Lines, Error> {
        let mut lines = Lines::default();
        for path in paths {
            lines += include(path)?;
        }
        Ok(lines)
    }

    /// A file of SPICE cards is read as such.
    fn library(&self, library: &Library) -> Result<Lines, Error> {
        if library.language == Language::Spice {
            let mut lines = Lines::from("simulator lang=spice\n");
            lines += spice::library(library)?;
            lines += Lines::from("simulator lang=spectre\n");
            return Ok(lines);
        }
        match &library.section {
            None => include(&library.path),
            Some(section) => {
                let mut lines = Lines::default();
                let path = IncludePath::new(&library.path)?;
                lines.line(("include \"", path, "\" section=", Name::new(section)?));
                Ok(lines)
            }
        }
    }

    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        text.comment(COMMENT, head.doc)?;
        text.word("subckt")?;
        text.word(Name::new(head.name)?)?;
        nodes(text, head.pins)?;
        text.end()?;
        if head.params.is_empty() { Ok(()) } else { parameters(text, head.params) }
    }

    fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error> {
        text.word("ends")?;
        if self.names_its_end {
            text.word(Name::new(name)?)?;
        }
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
        instance(text, name, pins)?;
        text.word(Name::new(master)?)?;
        text.pairs(args)?;
        Ok(text.end()?)
    }

    fn wrapped(
        &self,
        text: &mut Text<'_>,
        name: &str,
        pins: &[&str],
        master: &str,
        params: &[&str],
    ) -> Result<(), Error> {
        instance(text, name, pins)?;
        text.word(Name::new(master)?)?;
        for param in params {
            let param = Name::new(param)?;
            text.word((param, "=", param))?;
        }
        Ok(text.end()?)
    }

    fn dc_source(
        &self,
        text: &mut Text<'_>,
        name: &str,
        pins: &[&str],
        source: &DcSource,
    ) -> Result<(), Error> {
        match source {
            DcSource::Voltage(volts) => passive(text, name, pins, self.voltage, volts),
            DcSource::Current(amperes) => passive(text, name, pins, self.current, amperes),
        }
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], ohm: &Value) -> Result<(), Error> {
        passive(text, name, pins, self.resistor, ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, pins: &[&str], farad: &Value) -> Result<(), Error> {
        passive(text, name, pins, self.capacitor, farad)
    }

    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        let [name, input, output] = [Name::new(name)?, Name::new(input)?, Name::new(output)?];
        text.word((name, " (", output, " 0 ", input, " 0) ", self.buffer))?;
        Ok(text.end()?)
    }
}

/// What starts a comment.
const COMMENT: &str = "// ";

fn include(path: &str) -> Result<Lines, Error> {
    let mut lines = Lines::default();
    lines.line(("include \"", IncludePath::new(path)?, "\""));
    Ok(lines)
}

/// Parameters of a subcircuit, or of the whole netlist.
fn parameters(text: &mut Text<'_>, pairs: &[(&str, f64)]) -> Result<(), Error> {
    text.word("parameters")?;
    text.pairs(pairs)?;
    Ok(text.end()?)
}

/// An instance as far as its master.
fn instance(text: &mut Text<'_>, name: &str, pins: &[&str]) -> Result<(), Error> {
    text.word(Name::new(name)?)?;
    nodes(text, pins)
}

/// An instance with one parameter: `value_of` is its master and the parameter, `resistor r=`.
fn passive(
    text: &mut Text<'_>,
    name: &str,
    pins: &[&str],
    value_of: &'static str,
    value: &Value,
) -> Result<(), Error> {
    instance(text, name, pins)?;
    match value {
        Value::Number(x) => text.word((value_of, Number(*x)))?,
        Value::Param(param) => text.word((value_of, Name::new(param)?))?,
    }
    Ok(text.end()?)
}

/// Nodes in parentheses.
pub(super) fn nodes(text: &mut Text<'_>, nodes: &[&str]) -> Result<(), Error> {
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
