//! The hyperbolic tangent.

use crate::Definition;

pub(crate) const DEFINITION: Definition = Definition {
    name: "tanh",
    formula: "tanh(x)",
    parameter: None,
    exact: |x, _| x.tanh(),
    homogeneous: false,
    turns: &[],
    text: "tanh({x})",
    text_error: 1e-15,
    gate: None,
};
