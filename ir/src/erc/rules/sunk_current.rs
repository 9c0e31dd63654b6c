use super::per_wire;
use crate::Nature;
use crate::erc::{Breach, Level, Rule, Scope};

/// A current needs somewhere to go.
pub(super) const RULE: Rule = Rule {
    code: "ML006",
    level: Level::Error,
    text: "a current has a sink",
    help: "put a #[tia] on it, or lead it out through a port",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_wire(scope, |nature, wire| {
        // An output port of the module hands the current to whoever instantiates it.
        let stuck = wire.drivers > 0 && wire.sinks == 0 && wire.passives == 0 && wire.readers == 0;
        (stuck && nature == Nature::Current).then(|| "nothing takes this current".into())
    })
}
