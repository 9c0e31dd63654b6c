//! What was measured of the cells.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

/// What was measured, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// [`Self::GENERATOR`].
    pub generator: String,
    /// The command that measures it again.
    pub command: String,
    /// The simulator and its version.
    pub simulator: String,
    /// The package of models and its version.
    pub models: String,
    /// Corner by corner and temperature by temperature.
    pub conditions: Vec<Condition>,
}

/// What was measured at one corner and temperature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The corner of the models.
    pub corner: String,
    /// Degrees Celsius.
    pub celsius: f64,
    /// Values by cell and name, SI units.
    pub cells: IndexMap<String, IndexMap<String, f64>>,
    /// Cells whose deck the simulator did not solve there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsolved: Vec<String>,
}

/// Text that is no such file.
#[derive(Debug, thiserror::Error)]
#[error("{0}; write it anew with `memloom characterise`")]
pub struct Unreadable(#[from] serde_json::Error);

impl Measured {
    /// What wrote such a file.
    pub const GENERATOR: &str = "memloom characterise";

    /// What `text` says.
    ///
    /// # Errors
    /// If it is not what `memloom characterise` writes.
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        Ok(serde_json::from_str(text)?)
    }

    /// The condition of a corner and a temperature.
    pub fn at(&self, corner: &str, celsius: f64) -> Option<&Condition> {
        self.conditions.iter().find(|c| c.corner == corner && c.celsius == celsius)
    }

    /// The value `name` of `cell` in the typical corner at 27 degrees Celsius.
    pub fn typical(&self, cell: &str, name: &str) -> Option<f64> {
        self.at("tt", 27.0)?.value(cell, name)
    }

    /// The least and the largest value `name` of `cell` over all conditions.
    pub fn range(&self, cell: &str, name: &str) -> Option<(f64, f64)> {
        let values = self.conditions.iter().filter_map(|condition| condition.value(cell, name));
        values.map(|value| (value, value)).reduce(|(low, high), (value, _)| (low.min(value), high.max(value)))
    }
}

impl Condition {
    /// The value `name` of `cell`.
    pub fn value(&self, cell: &str, name: &str) -> Option<f64> {
        self.cells.get(cell)?.get(name).copied()
    }
}

/// What is kept in this repository, read once.
///
/// # Panics
/// Never: a test reads it.
pub fn measured() -> &'static Measured {
    static KEPT: LazyLock<Measured> = LazyLock::new(|| {
        Measured::parse(include_str!("../measured.json")).expect("what `memloom characterise` wrote")
    });
    &KEPT
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{CELLS, CORNERS, DECKS, TEMPERATURES};

    #[test]
    fn every_cell_was_measured_at_every_corner_and_temperature() {
        let measured = measured();
        for (corner, celsius) in CORNERS.iter().flat_map(|c| TEMPERATURES.map(|t| (c, t))) {
            let condition = measured.at(corner, celsius).unwrap_or_else(|| panic!("{corner}, {celsius}"));
            for (cell, _) in DECKS {
                let solved = condition.value(cell, "supply_current").is_some_and(|i| i > 0.0);
                assert_ne!(
                    solved,
                    condition.unsolved.iter().any(|name| name == cell),
                    "{corner}, {celsius}: {cell}"
                );
            }
        }
        let (low, high) = measured.range("ota", "gain").unwrap();
        let typical = measured.typical("ota", "gain").unwrap();
        assert!(low <= typical && typical <= high && measured.range("ota", "colour").is_none());
    }

    #[test]
    fn every_deck_is_about_a_subcircuit_of_the_library() {
        for (cell, deck) in DECKS {
            let name = format!("sky130_{cell}");
            assert!(CELLS.contains(&format!(".subckt {name} ")) && deck.contains(&name), "{cell}");
        }
    }

    #[test]
    fn text_that_is_none_says_what_to_do() {
        let error = Measured::parse("{}").unwrap_err().to_string();
        assert!(
            error.contains("missing field `generator`") && error.ends_with("`memloom characterise`"),
            "{error}"
        );
    }
}
