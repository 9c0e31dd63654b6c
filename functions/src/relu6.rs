//! ReLU that stops at 6 (Howard et al., "MobileNets", 2017).

use crate::{Definition, Gate};

pub(crate) const DEFINITION: Definition = Definition {
    name: "relu6",
    formula: "min(max(x, 0), 6)",
    parameter: None,
    exact: |x, _| x.clamp(0.0, 6.0),
    homogeneous: false,
    turns: &[],
    text: "min(max({x},0),6)",
    text_error: 1e-15,
    gate: Some(Gate { shift: 0.0, low: 0.0, high: 6.0, divisor: 1.0, gated: false }),
};
