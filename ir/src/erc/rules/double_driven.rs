use super::per_wire;
use crate::Nature;
use crate::erc::{Breach, Level, Rule, Scope};

/// Currents may sum on a net, voltages may not.
pub(super) const RULE: Rule = Rule {
    code: "ML002",
    level: Level::Error,
    text: "a voltage has one driver",
    help: "give each output a net of its own, and add the voltages in a summing amplifier",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_wire(scope, |nature, wire| {
        let fight = wire.drivers > 1 && nature != Nature::Current;
        fight.then(|| format!("{} outputs drive this {}", wire.drivers, nature.name()))
    })
}
