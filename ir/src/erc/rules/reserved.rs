use super::per_name;
use crate::erc::{Breach, Level, Rule, Scope};

/// A word that a netlist language uses itself cannot be written in that language; another dialect may take it.
pub(super) const RULE: Rule = Rule {
    code: "ML016",
    level: Level::Warning,
    text: "a name is no reserved word of a dialect",
    help: "rename it if you write that dialect",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_name(scope, |name| {
        let lower = name.to_ascii_lowercase();
        let (dialect, _) = scope.reserved.iter().find(|(_, words)| words.contains(&lower.as_str()))?;
        Some(format!("`{name}` is a reserved word of {dialect}"))
    })
}
