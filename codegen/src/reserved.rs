//! Words that a netlist language keeps for itself, in lower case: the rule check warns of them where it is given them
//! (`erc::Config::reserve`), and the dialect refuses them.

/// Every language and its words.
pub const ALL: &[(&str, &[&str])] = &[("ngspice", NGSPICE), ("vacask", VACASK)];

/// `gnd` and `null` are node 0 or none, `params` ends a pin list.
pub(crate) const NGSPICE: &[&str] = &["gnd", "null", "params"];

/// Words that start a statement.
pub(crate) const VACASK: &[&str] = &[
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
