//! SiLU, or swish (Hendrycks and Gimpel 2016; Ramachandran et al. 2017): `x` times its logistic function.

use crate::Definition;

pub(crate) const DEFINITION: Definition = Definition {
    name: "silu",
    formula: "x / (1 + exp(-x))",
    parameter: None,
    exact: |x, _| x / (1.0 + (-x).exp()),
    // The root of 1 + exp(-x) (1 + x), of its derivative: -1 - W(1 / e) with Lambert's W.
    homogeneous: false,
    turns: &[-1.278_464_542_761_074],
    text: "{x}/(1+exp(-max(min({x},700),-700)))",
    text_error: 1e-15,
    gate: None,
};
