//! Words of VACASK. Source: its netlist grammar and documentation (`dflparser.y`, `doc/` of its repository), version 0.3.

/// Words that start a statement, and numbers.
pub(super) const RESERVED: &[&str] = &[
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

/// Functions and constants.
pub(super) const RESERVED_PARAMS: &[&str] = &[
    "true", "false", "pi", "e", "inf", "nan", "min", "max", "abs", "exp", "ln", "log", "log10", "sqrt",
    "pow", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "floor", "ceil", "sum",
    "len", "vector", "string", "int", "real",
];
