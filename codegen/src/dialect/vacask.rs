//! VACASK: its own netlist syntax, leaf models in Verilog-A, compiled by OpenVAF.

use super::{Analysis, CellSyntax, Dialect, Drive, Head, Source};
use crate::error::Error;
use crate::model;
use crate::name::NameRules;
use crate::netlist::Netlist;
use crate::number::Number;
use crate::reserved;
use crate::template::{Placed, Values, render, values};
use crate::text::{Comment, IncludePath, Lines, Name, Text, Wrap};
use memloom::ir::{Design, FrameStore, Value};

/// The VACASK dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vacask;

/// Functions and constants.
const RESERVED_PARAMS: &[&str] = &[
    "true", "false", "pi", "e", "inf", "nan", "min", "max", "abs", "exp", "ln", "log", "log10", "sqrt",
    "pow", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "floor", "ceil", "sum",
    "len", "vector", "string", "int", "real",
];

impl Dialect for Vacask {
    fn name(&self) -> &'static str {
        "vacask"
    }

    fn extension(&self) -> &'static str {
        "sim"
    }

    fn names(&self) -> NameRules {
        NameRules { folds_case: false, reserved: reserved::VACASK, reserved_params: RESERVED_PARAMS }
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

    fn validate(&self, design: &Design) -> Result<(), Error> {
        Netlist::new(self, design).map(|_| ())
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
        model::vacask(design, !stores.is_empty(), verilog_a)
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

    fn source(&self, text: &mut Text<'_>, source: Source<'_>, drive: Drive<'_>) -> Result<(), Error> {
        let Source { name, node, current } = source;
        let (master, pins) = if current { ("ml_i", ["0", node]) } else { ("ml_v", [node, "0"]) };
        text.word(Name::new(name)?)?;
        nodes(text, &pins)?;
        text.word(master)?;
        match drive {
            Drive::Constant(value) => text.word(("dc=", Number(value)))?,
            Drive::Indexed(values) => {
                list(text, "dc=[", values.iter().copied())?;
                text.word("][ml_index]")?;
            }
            Drive::Wave(points) => {
                text.word("type=\"pwl\"")?;
                list(text, "wave=[", points.iter().flat_map(|(t, x)| [*t, *x]))?;
                text.word("]")?;
            }
        }
        Ok(text.end()?)
    }

    fn control(&self, text: &mut Text<'_>, analysis: Analysis, outputs: &[String]) -> Result<(), Error> {
        let outputs = outputs.iter().map(|output| Name::new(output)).collect::<Result<Vec<_>, _>>()?;
        let (indices, run): (Vec<usize>, _) = match analysis {
            Analysis::Points(points) => ((0..points).collect(), Placed::word("op")),
            Analysis::Transient { stop, step } => {
                let (step, stop) = (Number(step), Number(stop));
                (Vec::new(), Placed::word(("tran step=", step, " stop=", stop, " maxstep=", step)))
            }
        };
        Ok(text.lines(&render("vacask/control.j2", values! { indices, run, outputs })?)?)
    }

    fn raw(&self) -> &'static str {
        "out.raw"
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

fn list(text: &mut Text<'_>, open: &'static str, values: impl Iterator<Item = f64>) -> Result<(), Error> {
    text.word(open)?;
    let mut values = values.peekable();
    while let Some(value) = values.next() {
        let comma = if values.peek().is_some() { "," } else { "" };
        text.word((Number(value), comma))?;
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
