//! Words of ngspice. Source: ngspice user's manual, version 39, sections 2.9 (parameters and expressions) and 5.1 (B
//! sources); `gnd`, `null` and `params` from its parser, `src/frontend/inpcom.c`.

/// `gnd` and `null` are node 0 or none, `params` ends a pin list.
pub(super) const RESERVED: &[&str] = &["gnd", "null", "params"];

/// Functions, constants and words of `.param` and of B sources.
pub(super) const RESERVED_PARAMS: &[&str] = &[
    "time", "temper", "hertz", "pi", "e", "c", "kelvin", "echarge", "boltz", "planck", "yes", "no", "true",
    "false", "i", "v", "abs", "max", "min", "exp", "log", "ln", "sqrt", "pow", "pwr", "sgn", "floor", "ceil",
    "nint", "int", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "gauss", "agauss",
    "unif", "aunif", "limit", "u", "uramp", "pwl", "not", "and", "or", "mod", "div", "defined", "var", "vec",
    "m", "temp", "dtemp",
];
