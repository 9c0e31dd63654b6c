//! Electrical rule check: what only a whole, elaborated design can tell.
//!
//! One file per rule; each rule has a code that does not change, a level, and a sentence on what to do. A design
//! without errors never makes a printer panic.

mod connections;
mod rules;

use crate::ir::{Design, Origin};
use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The circuit works, but something looks unintended.
    Warning,
    /// The circuit is wrong.
    Error,
}

impl Level {
    /// `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A rule: its code, and what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rule {
    /// Code, such as `ML001`. Codes are never reused.
    pub code: &'static str,
    /// How bad a breach is.
    pub level: Level,
    /// The rule as a sentence.
    pub text: &'static str,
    /// What to do about a breach.
    pub help: &'static str,
}

/// A breach of a rule at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// Where in the hierarchy: `module.net[bit]` or `module.instance`.
    pub path: String,
    /// Where in the user's world.
    pub origin: Origin,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rule { code, level, help, .. } = self.rule;
        write!(f, "{}[{code}] `{}`: {}; {help} ({})", level.name(), self.path, self.what, self.origin)
    }
}

/// The rules, by code.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().map(|(rule, _)| *rule)
}

/// Every breach of every rule, rule by rule, in the order of the design.
pub fn check(design: &Design) -> Vec<Finding> {
    rules::ALL.iter().flat_map(|(rule, check)| check(design, rule)).collect()
}

/// The findings that are errors.
pub fn errors(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|f| f.rule.level == Level::Error)
}
