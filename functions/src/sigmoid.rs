//! The logistic function.

use crate::Definition;

pub(crate) const DEFINITION: Definition = Definition {
    name: "sigmoid",
    formula: "1 / (1 + exp(-x))",
    parameter: None,
    exact: |x, _| 1.0 / (1.0 + (-x).exp()),
    homogeneous: false,
    turns: &[],
    // The limits keep `exp` of a simulator from overflowing; beyond them nothing changes in double precision.
    text: "1/(1+exp(-max(min({x},700),-700)))",
    text_error: 1e-15,
    gate: None,
};
