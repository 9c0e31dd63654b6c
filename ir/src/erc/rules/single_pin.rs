use super::per_wire;
use crate::erc::{Breach, Level, Rule, Scope};

/// A wire with fewer than two pins does nothing.
pub(super) const RULE: Rule = Rule {
    code: "ML003",
    level: Level::Warning,
    text: "a wire joins at least two pins",
    help: "connect it, or leave it out",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_wire(scope, |_, wire| match wire.total() {
        0 => Some("nothing is connected to this wire".into()),
        1 => Some("a single pin is connected to this wire".into()),
        _ => None,
    })
}
