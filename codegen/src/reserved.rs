//! Words that a netlist language keeps for itself, in lower case: the rule check warns of them where it is given them
//! (`erc::Config::reserve`), and the dialect refuses them.

/// Every language and its words.
pub const ALL: &[(&str, &[&str])] = &[("ngspice", NGSPICE), ("vacask", VACASK)];

/// `gnd` and `null` are node 0 or none, `params` ends a pin list, `temper` ends ngspice by a fault, `table` and `value` are
/// kinds of E sources, `alli` is a set of vectors, rawfiles have `v(time)` as `time`, and the words between are operators in
/// commands; the distributions end it too, as names of a subcircuit. `codegen/tests/simulators/words.rs` runs a deck for each.
pub(crate) const NGSPICE: &[&str] = &[
    "gnd",
    "null",
    "params",
    "temper",
    "table",
    "value",
    "alli",
    "time",
    "frequency",
    "not",
    "and",
    "or",
    "eq",
    "ne",
    "gt",
    "ge",
    "lt",
    "le",
    "gauss",
    "agauss",
    "unif",
    "aunif",
    "limit",
];

/// Words that start a statement, and numbers.
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
    "inf",
    "nan",
];
