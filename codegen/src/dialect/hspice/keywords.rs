//! Words of HSPICE. Source: HSPICE Simulation and Analysis User Guide (Synopsys), version Y-2006.03, chapters
//! "Input Netlist and Data Entry" (names of ground) and "Parameters and Functions" (built-in functions and variables).

/// Names of node 0.
pub(super) const RESERVED: &[&str] = &["gnd", "ground"];

/// Functions and variables of expressions.
pub(super) const RESERVED_PARAMS: &[&str] = &[
    "abs", "acos", "agauss", "asin", "atan", "aunif", "ceil", "cos", "cosh", "db", "def", "exp", "floor",
    "gauss", "hertz", "i", "int", "ip", "limit", "log", "log10", "lv", "lx", "m", "max", "min", "nint",
    "opt", "par", "pow", "pwr", "sgn", "sign", "sin", "sinh", "sqrt", "tan", "tanh", "temper", "time",
    "trunc", "unif", "v", "valm", "vt",
];
