use crate::device::Dimension::{Capacitance, Resistance};
use crate::erc::{Breach, Level, Rule, Scope, loops};

/// An amplifier whose loop has hardly any phase left rings at every step.
pub(super) const RULE: Rule = Rule {
    code: "ML021",
    level: Level::Warning,
    text: "an amplifier's feedback leaves it a phase margin",
    help: "give it that much `c_f`, a smaller feedback resistor or less capacitance at its input, or lower the \
           `phase_margin` limit",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let breach = |(key, worst): (_, loops::Loop)| {
        let (r_f, c_f) = (Resistance.show(worst.stage.r_f), Capacitance.show(worst.stage.c_f));
        let cure = worst.cure.map_or_else(
            || "no `c_f` alone cures it".to_owned(),
            |c_f| format!("`c_f = {}` gives {} degrees", Capacitance.show(c_f), scope.limits.cured_margin),
        );
        let what = format!(
            "its phase margin is {:.1} degrees with a feedback of {r_f} and {c_f} and {} at its inverting input, the limit is {}; {cure}",
            worst.margin,
            Capacitance.show(rounded(worst.farads)),
            scope.limits.phase_margin,
        );
        worst.breach(scope, key, what)
    };
    loops::poor(scope.design, scope.limits).into_iter().map(breach).collect()
}

/// To three digits.
fn rounded(x: f64) -> f64 {
    format!("{x:.2e}").parse().unwrap_or(x)
}
