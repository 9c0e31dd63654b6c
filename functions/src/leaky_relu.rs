//! Leaky ReLU (Maas et al., "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013).

use crate::{Definition, Parameter};

pub(crate) const DEFINITION: Definition = Definition {
    name: "leaky_relu",
    formula: "max(x, slope * x)",
    // A slope above 1 would turn `max` into `min`, one below 0 the function at zero.
    parameter: Some(Parameter { name: "slope", default: 0.01, range: (0.0, 1.0) }),
    exact: |x, slope| x.max(slope * x),
    homogeneous: true,
    turns: &[],
    text: "max({x},{p}*{x})",
    text_error: 1e-15,
    gate: None,
};
