//! Hard swish (Howard et al., "Searching for MobileNetV3", 2019, section 5.2).

use crate::{Definition, Gate};

pub(crate) const DEFINITION: Definition = Definition {
    name: "hard_swish",
    formula: "x * relu6(x + 3) / 6",
    parameter: None,
    exact: |x, _| x * (x + 3.0).clamp(0.0, 6.0) / 6.0,
    // Least at -1.5; left of it, it grows to zero at -3 and stays there.
    homogeneous: false,
    turns: &[-3.0, -1.5],
    text: "{x}*min(max({x}+3,0),6)/6",
    text_error: 1e-15,
    gate: Some(Gate { shift: 3.0, low: 0.0, high: 6.0, divisor: 6.0, gated: true }),
};
