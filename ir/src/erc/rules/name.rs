use super::per_name;
use crate::erc::{Breach, Level, Rule, Scope};

/// A user's names come out verbatim, so they must be names in every dialect.
pub(super) const RULE: Rule = Rule {
    code: "ML013",
    level: Level::Error,
    text: "a name is a plain name",
    help: "rename it: letters, digits and `_`, no digit first, no `ml_` in front",
};

/// Prefix of the names that memloom makes up.
const PRIVATE: &str = "ml_";

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_name(scope, wrong)
}

/// What is wrong with a name.
fn wrong(name: &str) -> Option<String> {
    let odd = |c: &char| !c.is_ascii_alphanumeric() && *c != '_';
    if name.is_empty() {
        Some("the name is empty".into())
    } else if let Some(c) = name.chars().find(odd) {
        Some(format!("`{name}` has the character `{c}`"))
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        Some(format!("`{name}` starts with a digit"))
    } else if name.to_ascii_lowercase().starts_with(PRIVATE) {
        Some(format!("`{name}` starts with `{PRIVATE}`, as generated names do"))
    } else {
        None
    }
}
