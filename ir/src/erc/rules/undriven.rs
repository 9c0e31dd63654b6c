use super::per_wire;
use crate::Nature;
use crate::erc::{Breach, Level, Rule, Scope};

/// A voltage or select that is read must be driven, or lie in a resistive network.
pub(super) const RULE: Rule = Rule {
    code: "ML001",
    level: Level::Error,
    text: "a net that is read has a driver",
    help: "connect an output, an input port or a resistor to it",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_wire(scope, |nature, wire| {
        let floats = wire.drivers == 0 && wire.passives == 0 && wire.readers > 0;
        (floats && nature != Nature::Current).then(|| format!("nothing drives this {}", nature.name()))
    })
}
