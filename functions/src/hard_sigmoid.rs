//! Hard sigmoid (Howard et al., "Searching for MobileNetV3", 2019, section 5.2).

use crate::{Definition, Gate};

pub(crate) const DEFINITION: Definition = Definition {
    name: "hard_sigmoid",
    formula: "relu6(x + 3) / 6",
    parameter: None,
    exact: |x, _| (x + 3.0).clamp(0.0, 6.0) / 6.0,
    homogeneous: false,
    turns: &[],
    text: "min(max({x}+3,0),6)/6",
    text_error: 1e-15,
    gate: Some(Gate { shift: 3.0, low: 0.0, high: 6.0, divisor: 6.0, gated: false }),
};
