//! ngspice: SPICE cards, leaf models as subcircuits of B sources.

use super::{Analysis, CellSyntax, Dialect, Drive, Head, Source};
use crate::error::Error;
use crate::model;
use crate::name::NameRules;
use crate::netlist::Netlist;
use crate::number::Number;
use crate::reserved;
use crate::template::{Placed, render, values};
use crate::text::{Comment, IncludePath, Lines, Name, Text, Wrap};
use memloom::ir::{Design, FrameStore, Value};

/// The ngspice dialect.
#[derive(Debug, Clone, Copy, Default)]
pub struct Ngspice;

/// Functions, constants and words of `.param` and of B sources.
const RESERVED_PARAMS: &[&str] = &[
    "time", "temper", "hertz", "pi", "e", "c", "kelvin", "echarge", "boltz", "planck", "yes", "no", "true",
    "false", "i", "v", "abs", "max", "min", "exp", "log", "ln", "sqrt", "pow", "pwr", "sgn", "floor", "ceil",
    "nint", "int", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "gauss", "agauss",
    "unif", "aunif", "limit", "u", "uramp", "pwl", "not", "and", "or", "mod", "div", "defined", "var", "vec",
    "m", "temp", "dtemp",
];

impl Dialect for Ngspice {
    fn name(&self) -> &'static str {
        "ngspice"
    }

    fn extension(&self) -> &'static str {
        "cir"
    }

    fn names(&self) -> NameRules {
        NameRules { folds_case: true, reserved: reserved::NGSPICE, reserved_params: RESERVED_PARAMS }
    }

    fn wrap(&self) -> Wrap {
        Wrap { limit: 120, join: "\n+ " }
    }

    fn cell(&self) -> CellSyntax {
        CellSyntax { name: "R", nodes: " ", value: " " }
    }

    fn device(&self) -> CellSyntax {
        CellSyntax { name: "X", nodes: " ", value: " " }
    }

    /// `N_GLOBAL_NODES` of ngspice 39: at 1005 it exits.
    fn max_pins(&self) -> Option<u32> {
        Some(1004)
    }

    fn validate(&self, design: &Design) -> Result<(), Error> {
        Netlist::new(self, design).map(|_| ())
    }

    fn file_head(&self, title: &str) -> Result<Lines, Error> {
        render("ngspice/file_head.j2", values! { title => Comment::new(title) })
    }

    fn includes(&self, paths: &[String]) -> Result<Lines, Error> {
        let paths = paths.iter().map(|path| IncludePath::new(path)).collect::<Result<Vec<_>, _>>()?;
        render("ngspice/includes.j2", values! { paths })
    }

    fn models(
        &self,
        design: &Design,
        stores: &[FrameStore],
        _verilog_a: &'static str,
    ) -> Result<Lines, Error> {
        model::ngspice(design, !stores.is_empty())
    }

    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        text.lines(&render("ngspice/subckt_head.j2", values! { doc => Comment::folded(head.doc) })?)?;
        text.word(".subckt")?;
        text.word(Name::new(head.name)?)?;
        text.names(head.pins)?;
        text.pairs(head.params)?;
        Ok(text.end()?)
    }

    fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error> {
        Ok(text.lines(&render("ngspice/subckt_tail.j2", values! { name => Name::new(name)? })?)?)
    }

    fn call(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        text.word(("X", Name::new(name)?))?;
        text.names(nodes)?;
        text.word(Name::new(master)?)?;
        text.pairs(args)?;
        Ok(text.end()?)
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], ohm: &Value) -> Result<(), Error> {
        passive(text, "R", name, nodes, ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], farad: &Value) -> Result<(), Error> {
        passive(text, "C", name, nodes, farad)
    }

    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        let [name, input, output] = [Name::new(name)?, Name::new(input)?, Name::new(output)?];
        text.word(("E", name, " ", output, " 0 ", input, " 0 1e0"))?;
        Ok(text.end()?)
    }

    fn source(&self, text: &mut Text<'_>, source: Source<'_>, drive: Drive<'_>) -> Result<(), Error> {
        let (name, node) = (Name::new(source.name)?, Name::new(source.node)?);
        // A current source drives its current from its first node, through itself, into the second.
        let (kind, nodes) =
            if source.current { ("I", (" 0 ", node, " ")) } else { ("V", (" ", node, " 0 ")) };
        match drive {
            // One point is an operating point: see `control.j2`.
            Drive::Constant(value) | Drive::Indexed(&[value]) => {
                text.word((kind, name, nodes, Number(value)))?
            }
            Drive::Wave(points) => {
                text.word((kind, name, nodes, "PWL("))?;
                points.iter().try_for_each(|(t, x)| text.word((Number(*t), " ", Number(*x))))?;
                text.word(")")?;
            }
            Drive::Indexed(values) => {
                text.word(("B", name, nodes, kind, "=pwl(v(ml_index),"))?;
                for (index, value) in values.iter().enumerate() {
                    let comma = if index + 1 < values.len() { "," } else { "" };
                    text.word((index, ",", Number(*value), comma))?;
                }
                text.word(")")?;
            }
        }
        Ok(text.end()?)
    }

    fn control(&self, text: &mut Text<'_>, analysis: Analysis, outputs: &[String]) -> Result<(), Error> {
        let outputs = outputs.iter().map(|output| Name::new(output)).collect::<Result<Vec<_>, _>>()?;
        let (run, points) = match analysis {
            Analysis::Points(1) => (Placed::word("op"), 1),
            Analysis::Points(points) => {
                text.lines(&"Vml_index ml_index 0 0e0\n".into())?;
                (Placed::word(("dc vml_index 0 ", points - 1, " 1")), points)
            }
            Analysis::Transient { stop, step } => {
                let (step, stop) = (Number(step), Number(stop));
                (Placed::word(("tran ", step, " ", stop, " 0 ", step)), 0)
            }
        };
        let values = values! { run, points, outputs, raw => self.raw() };
        Ok(text.lines(&render("ngspice/control.j2", values)?)?)
    }

    fn raw(&self) -> &'static str {
        "out.raw"
    }

    fn takes_verilog_a(&self) -> bool {
        false
    }
}

fn passive(
    text: &mut Text<'_>,
    kind: &'static str,
    name: &str,
    nodes: &[&str],
    value: &Value,
) -> Result<(), Error> {
    text.word((kind, Name::new(name)?))?;
    text.names(nodes)?;
    match value {
        Value::Number(x) => text.word(Number(*x))?,
        Value::Param(param) => text.word(("{", Name::new(param)?, "}"))?,
    }
    Ok(text.end()?)
}
