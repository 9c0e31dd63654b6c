//! Words of LTspice. Source: LTspice XVII help (Analog Devices), topics "B. Arbitrary Behavioral Voltage or Current
//! Sources", ".PARAM" and "General Structure and Conventions".

/// A name of node 0, and the word that ends a pin list.
pub(super) const RESERVED: &[&str] = &["gnd", "params"];

/// Functions and constants of expressions.
pub(super) const RESERVED_PARAMS: &[&str] = &[
    "abs", "absdelay", "acos", "acosh", "arccos", "arcsin", "arctan", "asin", "asinh", "atan", "atan2",
    "atanh", "boltz", "buf", "cbrt", "ceil", "cos", "cosh", "ddt", "delay", "e", "echarge", "exp", "fabs",
    "false", "flat", "floor", "freq", "gauss", "hypot", "i", "idt", "idtmod", "if", "int", "inv", "k",
    "kelvin", "limit", "ln", "log", "log10", "max", "mc", "min", "pi", "planck", "pow", "pwr", "pwrs", "q",
    "rand", "random", "round", "sdt", "sgn", "sin", "sinh", "sqrt", "table", "tan", "tanh", "temp", "time",
    "true", "u", "uramp", "v", "white",
];
