//! ngspice: SPICE cards, leaf models as subcircuits of B sources.

use super::{Analysis, CellSyntax, Dialect, Drive, Head, Source};
use crate::error::Error;
use crate::model;
use crate::name::NameRules;
use crate::netlist::Netlist;
use crate::number::Number;
use crate::reserved;
use crate::template::render;
use crate::text::{Text, Wrap};
use memloom::ir::{Design, FrameStore, Value};
use minijinja::context;

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

    fn file_head(&self, title: &str) -> Result<String, Error> {
        render("ngspice/file_head.j2", context! { title })
    }

    fn includes(&self, paths: &[String]) -> Result<String, Error> {
        render("ngspice/includes.j2", context! { paths => paths.to_vec() })
    }

    fn models(&self, design: &Design, stores: &[FrameStore], _verilog_a: &str) -> Result<String, Error> {
        model::ngspice(design, !stores.is_empty())
    }

    fn begin(&self, text: &mut Text<'_>, head: &Head<'_>) -> Result<(), Error> {
        text.lines(&render("ngspice/subckt_head.j2", context! { name => head.name, doc => head.doc })?)?;
        text.word(".subckt")?;
        text.word(head.name)?;
        head.pins.iter().try_for_each(|pin| text.word(pin))?;
        head.params.iter().try_for_each(|(name, default)| text.pair(name, *default))?;
        Ok(text.end()?)
    }

    fn finish(&self, text: &mut Text<'_>, name: &str) -> Result<(), Error> {
        Ok(text.lines(&render("ngspice/subckt_tail.j2", context! { name })?)?)
    }

    fn call(
        &self,
        text: &mut Text<'_>,
        name: &str,
        nodes: &[&str],
        master: &str,
        args: &[(&str, f64)],
    ) -> Result<(), Error> {
        text.word(format_args!("X{name}"))?;
        nodes.iter().try_for_each(|node| text.word(node))?;
        text.word(master)?;
        args.iter().try_for_each(|(name, value)| text.pair(name, *value))?;
        Ok(text.end()?)
    }

    fn resistor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], ohm: &Value) -> Result<(), Error> {
        passive(text, 'R', name, nodes, ohm)
    }

    fn capacitor(&self, text: &mut Text<'_>, name: &str, nodes: &[&str], farad: &Value) -> Result<(), Error> {
        passive(text, 'C', name, nodes, farad)
    }

    fn buffer(&self, text: &mut Text<'_>, name: &str, input: &str, output: &str) -> Result<(), Error> {
        text.word(format_args!("E{name} {output} 0 {input} 0 1e0"))?;
        Ok(text.end()?)
    }

    fn source(&self, text: &mut Text<'_>, source: Source<'_>, drive: Drive<'_>) -> Result<(), Error> {
        let Source { name, node, current } = source;
        // A current source drives its current from its first node, through itself, into the second.
        let (kind, nodes) = if current { ('I', format!("0 {node}")) } else { ('V', format!("{node} 0")) };
        match drive {
            Drive::Constant(value) => text.word(format_args!("{kind}{name} {nodes} {}", Number(value)))?,
            Drive::Wave(points) => {
                text.word(format_args!("{kind}{name} {nodes} PWL("))?;
                points
                    .iter()
                    .try_for_each(|(t, x)| text.word(format_args!("{} {}", Number(*t), Number(*x))))?;
                text.word(")")?;
            }
            // One point is an operating point: see `control.j2`.
            Drive::Indexed([value]) => text.word(format_args!("{kind}{name} {nodes} {}", Number(*value)))?,
            Drive::Indexed(values) => {
                text.word(format_args!("B{name} {nodes} {kind}=pwl(v(ml_index),"))?;
                for (index, value) in values.iter().enumerate() {
                    let comma = if index + 1 < values.len() { "," } else { "" };
                    text.word(format_args!("{index},{}{comma}", Number(*value)))?;
                }
                text.word(")")?;
            }
        }
        Ok(text.end()?)
    }

    fn control(&self, text: &mut Text<'_>, analysis: Analysis, outputs: &[String]) -> Result<(), Error> {
        let run = match analysis {
            Analysis::Points(1) => "op".to_owned(),
            Analysis::Points(points) => {
                text.lines("Vml_index ml_index 0 0e0\n")?;
                format!("dc vml_index 0 {} 1", points - 1)
            }
            Analysis::Transient { stop, step } => format!("tran {0} {1} 0 {0}", Number(step), Number(stop)),
        };
        let points = match analysis {
            Analysis::Points(points) => points,
            Analysis::Transient { .. } => 0,
        };
        let raw = self.raw();
        Ok(text.lines(&render(
            "ngspice/control.j2",
            context! { run, points, outputs => outputs.to_vec(), raw },
        )?)?)
    }

    fn raw(&self) -> &'static str {
        "out.raw"
    }

    fn takes_verilog_a(&self) -> bool {
        false
    }
}

fn passive(text: &mut Text<'_>, kind: char, name: &str, nodes: &[&str], value: &Value) -> Result<(), Error> {
    text.word(format_args!("{kind}{name}"))?;
    nodes.iter().try_for_each(|node| text.word(node))?;
    match value {
        Value::Number(x) => text.word(Number(*x))?,
        Value::Param(param) => text.word(format_args!("{{{param}}}"))?,
    }
    Ok(text.end()?)
}
