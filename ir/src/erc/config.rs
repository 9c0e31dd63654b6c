//! Which rules to look for, how bad a breach is, and limits.

use super::{Level, Process, Rule, rules};

/// Levels by rule, and limits. The default is each rule's own level.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Config {
    /// In the order of the calls; the last on a rule holds.
    levels: Vec<(&'static str, Level)>,
    reserved: Vec<Reserved>,
    /// Limits.
    pub limits: Limits,
}

/// A netlist language and the words that it keeps for itself, in lower case.
pub type Reserved = (&'static str, &'static [&'static str]);

/// What is still good; more is a finding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Worst-case voltage lost in a crossbar's wires, as a part of its cells' `v_read`.
    pub ir_drop: f64,
    /// Resistance below which a resistor is as good as a wire, ohm.
    pub short: f64,
    /// Distance of a conductance from its nearest level, as a part of the step between levels.
    pub level: f64,
    /// Phase margin of an amplifier below which it is a finding, degrees.
    pub phase_margin: f64,
    /// The phase margin that a proposed `c_f` gives, degrees: 65.5 is that of a Butterworth response of second order,
    /// whose step overshoots by 4.3 %.
    pub cured_margin: f64,
    /// What a bitline has to ground at each cross-point where a crossbar declares no capacitance, farad: a micrometre of a
    /// wire of 0.2 fF/um, as NeuroSim takes it for every node (`SubArray.cpp` of DNN+NeuroSim).
    pub line_capacitance: f64,
    /// What the process can make and drive, if the circuit is to be made.
    pub process: Option<Process>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            ir_drop: 0.1,
            short: 1e-3,
            level: 0.01,
            phase_margin: 45.0,
            cured_margin: 65.5,
            line_capacitance: 0.2e-15,
            process: None,
        }
    }
}

/// A code that no rule has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{code}`; choose one of {known}")]
pub struct UnknownRule {
    code: String,
    known: String,
}

impl Config {
    /// Each rule at its own level, with the default limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Does not look for breaches of the rule `code`.
    ///
    /// # Errors
    /// If there is no such rule.
    pub fn allow(self, code: &str) -> Result<Self, UnknownRule> {
        self.set(code, Level::Allowed)
    }

    /// Makes a breach of the rule `code` a warning.
    ///
    /// # Errors
    /// If there is no such rule.
    pub fn warn(self, code: &str) -> Result<Self, UnknownRule> {
        self.set(code, Level::Warning)
    }

    /// Makes a breach of the rule `code` an error.
    ///
    /// # Errors
    /// If there is no such rule.
    pub fn deny(self, code: &str) -> Result<Self, UnknownRule> {
        self.set(code, Level::Error)
    }

    /// Looks for names that are reserved words of these languages (rule ML016).
    #[must_use]
    pub fn reserve(mut self, languages: impl IntoIterator<Item = Reserved>) -> Self {
        self.reserved.extend(languages);
        self
    }

    /// The languages whose words no name may be.
    pub(super) fn reserved(&self) -> &[Reserved] {
        &self.reserved
    }

    fn set(mut self, code: &str, level: Level) -> Result<Self, UnknownRule> {
        let Some(rule) = rules().find(|rule| rule.code.eq_ignore_ascii_case(code)) else {
            let known = rules().map(|rule| format!("`{}`", rule.code)).collect::<Vec<_>>().join(", ");
            return Err(UnknownRule { code: code.into(), known });
        };
        self.levels.push((rule.code, level));
        Ok(self)
    }

    /// The level of `rule`.
    pub fn level(&self, rule: &Rule) -> Level {
        let set = self.levels.iter().rev().find(|(code, _)| *code == rule.code);
        set.map_or(rule.level, |(_, level)| *level)
    }
}
