use super::per_name;
use crate::erc::{Breach, Level, Rule, Scope};

/// A word that a netlist language uses itself cannot be written in that language; another dialect may take it.
pub(super) const RULE: Rule = Rule {
    code: "ML016",
    level: Level::Warning,
    text: "a name is no reserved word of a dialect",
    help: "rename it if you write that dialect",
};

/// Words that ngspice takes for something else, in lower case.
const NGSPICE: &[&str] = &["gnd", "null", "params"];

/// Words that start a statement of VACASK.
const VACASK: &[&str] = &[
    "load",
    "include",
    "lib",
    "section",
    "endsection",
    "global",
    "ground",
    "model",
    "parameters",
    "subckt",
    "ends",
    "control",
    "endc",
    "embed",
    "sweep",
    "analysis",
    "options",
    "var",
    "clear",
    "save",
    "abort",
    "alter",
    "print",
    "rebuild",
    "elaborate",
    "postprocess",
    "end",
    "default",
];

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_name(scope, |name| {
        let lower = name.to_ascii_lowercase();
        let reserves = |(_, words): &(&str, &[&str])| words.contains(&lower.as_str());
        let (dialect, _) = [("ngspice", NGSPICE), ("vacask", VACASK)].into_iter().find(reserves)?;
        Some(format!("`{name}` is a reserved word of {dialect}"))
    })
}
