//! GELU (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016): `x` times the normal distribution up to `x`.

use crate::Definition;

/// `x * Phi(x)`. The languages have no error function, so the text takes a rational approximation of it: equation
/// 7.1.26 of Abramowitz and Stegun, "Handbook of Mathematical Functions", whose error is at most 1.5e-7. With
/// `t = 1 / (1 + 0.3275911 |x| / sqrt 2)` and `q = t (a1 + t (a2 + ..)) exp(-x^2 / 2)` it is
/// `x (1 - q) / 2 + |x| / 2` for either sign, since `erf` is odd: `(x + |x| (1 - q)) / 2`.
pub(crate) const DEFINITION: Definition = Definition {
    name: "gelu",
    formula: "x * (1 + erf(x / sqrt(2))) / 2",
    parameter: None,
    exact: |x, _| 0.5 * x * (1.0 + libm::erf(x * std::f64::consts::FRAC_1_SQRT_2)),
    homogeneous: false,
    turns: &[-0.751_791_524_693_564_4],
    text: "({x}+abs({x})*(1-exp(-{x}*{x}/2)*\
           (1/(1+0.2316419*abs({x})))*(0.254829592+(1/(1+0.2316419*abs({x})))*(-0.284496736+\
           (1/(1+0.2316419*abs({x})))*(1.421413741+(1/(1+0.2316419*abs({x})))*(-1.453152027+\
           (1/(1+0.2316419*abs({x})))*1.061405429))))))/2",
    text_error: 3e-7,
    gate: None,
};
