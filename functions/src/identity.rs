//! The identity: a circuit that follows its input within its swing.

use crate::{Definition, Gate};

pub(crate) const DEFINITION: Definition = Definition {
    name: "identity",
    formula: "x",
    parameter: None,
    exact: |x, _| x,
    homogeneous: true,
    turns: &[],
    text: "{x}",
    text_error: 1e-15,
    gate: Some(Gate { shift: 0.0, low: f32::NEG_INFINITY, high: f32::INFINITY, divisor: 1.0, gated: false }),
};
