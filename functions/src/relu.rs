//! ReLU.

use crate::{Definition, Gate};

pub(crate) const DEFINITION: Definition = Definition {
    name: "relu",
    formula: "max(x, 0)",
    parameter: None,
    exact: |x, _| x.max(0.0),
    homogeneous: true,
    turns: &[],
    text: "max({x},0)",
    text_error: 1e-15,
    gate: Some(Gate { shift: 0.0, low: 0.0, high: f32::INFINITY, divisor: 1.0, gated: false }),
};
