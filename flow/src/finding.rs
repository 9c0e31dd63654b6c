//! What a check of a circuit found, as values.

use memloom_ir::erc;
use memloom_network::lower::Circuit;
use serde::Serialize;
use std::fmt;

/// Code of a tile whose losses in wires and op-amps are not compensated.
const UNCOMPENSATED: &str = "uncompensated";

/// Findings that an error shows.
const SHOWN: usize = 10;

/// One finding.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The electrical rule's code, such as `ML003`; `uncompensated` for tiles whose losses the lowering could not make good.
    pub code: &'static str,
    /// `warning` or `error`.
    pub level: &'static str,
    /// Where in the circuit's hierarchy, joined by dots.
    pub path: String,
    /// The network's layer, where one finding stands for all of its breaches of a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// How many places of the circuit are like this.
    pub places: u64,
    /// Where in the user's world: a source line, or a layer.
    pub origin: String,
    /// What was found.
    pub what: String,
    /// What to do.
    pub help: String,
}

impl From<&erc::Finding> for Finding {
    fn from(found: &erc::Finding) -> Self {
        Self {
            code: found.rule.code,
            level: found.level.name(),
            path: found.path.clone(),
            layer: None,
            places: found.places,
            origin: found.origin.to_string(),
            what: found.what.clone(),
            help: found.rule.help.into(),
        }
    }
}

impl Finding {
    /// The tiles that lose what is not compensated, as one finding, if there are any.
    pub(crate) fn uncompensated(circuit: &Circuit) -> Option<Self> {
        let worst = circuit.unmet.iter().max_by(|a, b| a.lack.total_cmp(&b.lack))?;
        Some(Self {
            code: UNCOMPENSATED,
            level: erc::Level::Warning.name(),
            path: worst.tile.clone(),
            layer: None,
            places: circuit.unmet.len() as u64,
            origin: "compensation".into(),
            what: format!(
                "wires and op-amps lose {:.1} % of a full weight, and no cell compensates it",
                100.0 * worst.lack
            ),
            help: "make tiles smaller, lower `r_wire` and what else lines resist, or give op-amps more gain"
                .into(),
        })
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { code, level, path, layer, places, origin, what, help } = self;
        if let Some(layer) = layer {
            return write!(f, "{level}[{code}] layer `{layer}`: {what}; {help}");
        }
        write!(f, "{level}[{code}] `{path}`")?;
        if *places > 1 {
            write!(f, " (one of {places} such places)")?;
        }
        write!(f, ": {what}; {help} ({origin})")
    }
}

/// Electrical rules that a circuit breaks.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleErrors {
    /// The findings that are errors.
    pub findings: Vec<Finding>,
}

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} electrical rule errors, the first ones:", self.findings.len())?;
        self.findings.iter().take(SHOWN).try_for_each(|finding| write!(f, "\n{finding}"))
    }
}

impl std::error::Error for RuleErrors {}
