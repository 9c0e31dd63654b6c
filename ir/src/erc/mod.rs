//! Electrical rule check: what only a whole, elaborated design can tell.
//!
//! One file per rule; each rule has a code that does not change, a level, and a sentence on what to do. A design
//! without errors never makes a printer panic. [`Config`] allows, warns of or denies a rule by its code, and sets limits.
//!
//! ```
//! use memloom_ir::erc::{self, Config, Level};
//! use memloom_ir::{Design, Element, Nature, Value};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut design = Design::new("loose");
//! let mut m = design.module("Loose");
//! let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
//! // `r2` ends nowhere.
//! let open = m.net("open", Nature::Voltage, 1);
//! let resistor = || Element::Resistor(Value::Number(1e3));
//! m.instance("r1", resistor()).net("p", x).net("n", y).add();
//! m.instance("r2", resistor()).net("p", x).net("n", open).add();
//! design.top = Some(m.finish()?);
//!
//! let findings = erc::check(&design);
//! assert_eq!((findings[0].rule.code, findings[0].path.as_str()), ("ML003", "Loose.open"));
//! assert!(erc::check_with(&design, &Config::new().allow("ML003")?).is_empty());
//! assert_eq!(erc::check_with(&design, &Config::new().deny("ML003")?)[0].level, Level::Error);
//! # Ok(())
//! # }
//! ```
//!
//! The words that a netlist language keeps for itself are the language's, so they are handed in:
//! [`Config::reserve`].

mod config;
mod connections;
mod interval;
mod islands;
mod loops;
mod places;
mod process;
mod ranges;
mod rules;

pub use config::{Config, Limits, Reserved, UnknownRule};
pub use process::Process;

use crate::{Design, Id, Module, Origin};
use places::Places;
use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not looked for.
    Allowed,
    /// The circuit works, but something looks unintended.
    Warning,
    /// The circuit is wrong.
    Error,
}

impl Level {
    /// `allowed`, `warning` or `error`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
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
    /// How bad a breach is, unless a [`Config`] says otherwise.
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
    /// How bad it is, by the rule or by the [`Config`].
    pub level: Level,
    /// Where in the hierarchy: the top, the instances on the way down, then the net or instance, joined by dots.
    /// The way to the first of `places`.
    pub path: String,
    /// How many places of the circuit have this breach: a module's as many as the module occurs.
    pub places: u64,
    /// Where in the user's world.
    pub origin: Origin,
    /// What was found.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rule { code, help, .. } = self.rule;
        write!(f, "{}[{code}] `{}`", self.level.name(), self.path)?;
        if self.places > 1 {
            write!(f, " (the first of {} such places)", self.places)?;
        }
        write!(f, ": {}; {help} ({})", self.what, self.origin)
    }
}

/// The rules, by code.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().map(|(rule, _)| *rule)
}

/// Every breach of every rule, rule by rule, in the order of the design.
pub fn check(design: &Design) -> Vec<Finding> {
    check_with(design, &Config::new())
}

/// As [`check`], with levels and limits of the caller's.
pub fn check_with(design: &Design, config: &Config) -> Vec<Finding> {
    let scope = Scope::new(design, config);
    let mut findings = Vec::new();
    for (rule, check) in rules::ALL {
        let level = config.level(rule);
        if level == Level::Allowed {
            continue;
        }
        let finding =
            |Breach { path, places, origin, what }| Finding { rule, level, path, places, origin, what };
        findings.extend(check(&scope).into_iter().map(finding));
    }
    findings
}

/// The findings that are errors.
pub fn errors(findings: &[Finding]) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(|f| f.level == Level::Error)
}

/// A finding before it has its rule.
struct Breach {
    path: String,
    places: u64,
    origin: Origin,
    what: String,
}

/// What rules look at.
struct Scope<'d> {
    design: &'d Design,
    limits: &'d Limits,
    /// Languages and the words that each keeps for itself, in lower case.
    reserved: &'d [Reserved],
    places: Places,
    /// Worked out once, when the first rule on voltages asks.
    voltages: std::cell::OnceCell<ranges::Voltages>,
}

impl<'d> Scope<'d> {
    fn new(design: &'d Design, config: &'d Config) -> Self {
        Self {
            design,
            limits: &config.limits,
            reserved: config.reserved(),
            places: Places::new(design),
            voltages: std::cell::OnceCell::new(),
        }
    }

    /// A breach at `name` inside `module`, in all the places that the module has.
    fn breach(&self, module: Id<Module>, name: &str, origin: &Origin, what: String) -> Breach {
        let (path, places) = self.places.of(module);
        Breach { path: format!("{path}.{name}"), places, origin: origin.clone(), what }
    }

    fn voltages(&self) -> &ranges::Voltages {
        self.voltages.get_or_init(|| ranges::Voltages::new(self.design))
    }
}
