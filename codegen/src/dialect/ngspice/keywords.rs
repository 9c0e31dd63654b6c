//! Words of ngspice. Source: ngspice user's manual, version 39, sections 2.9 (parameters and expressions) and 5.1 (B
//! sources); `gnd`, `null` and `params` from its parser, `src/frontend/inpcom.c`.

/// `gnd` and `null` are node 0 or none, `params` ends a pin list, `temper` ends ngspice by a fault, `table` and `value` are
/// kinds of E sources, `alli` is a set of vectors, rawfiles have `v(time)` as `time`, and the words between are operators in
/// commands; the distributions end it too, as names of a subcircuit. `codegen/tests/simulators/words.rs` runs a deck for each.
pub(super) const RESERVED: &[&str] = &[
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

/// Functions, constants and words of `.param` and of B sources.
pub(super) const RESERVED_PARAMS: &[&str] = &[
    "time", "temper", "hertz", "pi", "e", "c", "kelvin", "echarge", "boltz", "planck", "yes", "no", "true",
    "false", "i", "v", "abs", "max", "min", "exp", "log", "ln", "sqrt", "pow", "pwr", "sgn", "floor", "ceil",
    "nint", "int", "sin", "cos", "tan", "sinh", "cosh", "tanh", "asin", "acos", "atan", "gauss", "agauss",
    "unif", "aunif", "limit", "u", "uramp", "pwl", "not", "and", "or", "mod", "div", "defined", "var", "vec",
    "m", "temp", "dtemp",
];
