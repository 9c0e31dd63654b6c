use crate::Element;
use crate::erc::{Breach, Level, Rule, Scope};

/// An amplifier that is asked for more than its rails clips.
pub(super) const RULE: Rule = Rule {
    code: "ML011",
    level: Level::Error,
    text: "an amplifier's output stays within its swing",
    help: "lower its feedback resistor or its input, or take an op-amp of a wider swing",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let breach = |(key, excess): (&(crate::Id<crate::Module>, _), &crate::erc::ranges::Excess)| {
        let Element::OpAmp(amp) = scope.design.modules[key.0].instances[key.1].element else { return None };
        let (range, (low, high)) = (excess.range, scope.design.op_amps[amp].swing);
        let name = scope.design.op_amps.name(amp);
        let what = format!(
            "its inputs ask for {:.4} V to {:.4} V, `{name}` gives {low} V to {high} V",
            range.low, range.high
        );
        Some(excess.breach(scope, *key, what))
    };
    scope.voltages().outputs.iter().filter_map(breach).collect()
}
