//! Which cells are good enough as transistors.

use crate::Measured;
use serde::Serialize;

/// What is said of a cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The cell.
    pub cell: &'static str,
    /// Whether the circuit of transistors does; else the behavioural cell stays.
    pub transistors: bool,
    /// What was measured over all corners and temperatures, beside what is asked for.
    pub why: String,
    /// What one draws of 1.8 V, typical, amperes.
    pub supply_current: f64,
}

/// A value that is to stay within bounds wherever it was measured.
struct Bound {
    cell: &'static str,
    name: &'static str,
    what: &'static str,
    /// The least and the largest that will do.
    within: (f64, f64),
    /// What one of the text is in SI units.
    unit: f64,
}

const fn bound(
    cell: &'static str,
    name: &'static str,
    what: &'static str,
    within: (f64, f64),
    unit: f64,
) -> Bound {
    Bound { cell, name, what, within, unit }
}

/// What is asked of each. Errors of activations are parts of the span over -4 to 4.
const BOUNDS: [Bound; 9] = [
    bound("ota", "phase_margin", "degrees of phase margin", (60.0, 180.0), 1.0),
    bound("tia", "line_error", "% off its line", (0.0, 0.01), 0.01),
    bound("row_driver", "error_inverted", "mV off", (0.0, 5e-3), 1e-3),
    bound("adder", "error", "mV off", (0.0, 5e-3), 1e-3),
    bound("sample_hold", "pedestal", "mV of pedestal", (0.0, 1e-3), 1e-3),
    bound("relu", "error", "% off", (0.0, 0.01), 0.01),
    bound("hard_sigmoid", "error", "% off", (0.0, 0.01), 0.01),
    bound("hard_swish", "error", "% off", (0.0, 0.02), 0.01),
    // Beside its error about a line, its gain is to be the same on every chip: nothing trims it.
    bound("multiplier", "error", "% off, of a gain of its own at every corner", (0.0, 0.02), 0.01),
];

impl Measured {
    /// Of each cell whether it is good enough wherever it was measured.
    pub fn verdicts(&self) -> Vec<Verdict> {
        BOUNDS.iter().filter_map(|bound| self.verdict(bound)).collect()
    }

    fn verdict(&self, bound: &Bound) -> Option<Verdict> {
        let (low, high) = self.range(bound.cell, bound.name)?;
        let (least, most) = bound.within;
        let asked = if least > 0.0 {
            format!("at least {}", least / bound.unit)
        } else {
            format!("at most {}", most / bound.unit)
        };
        Some(Verdict {
            cell: bound.cell,
            transistors: least <= low && high <= most,
            why: format!(
                "{:.3} to {:.3} {}, {asked} will do",
                low / bound.unit,
                high / bound.unit,
                bound.what
            ),
            supply_current: self.typical(bound.cell, "supply_current")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::{DECKS, measured};

    #[test]
    fn every_cell_has_a_verdict_that_follows_from_its_numbers() {
        let verdicts = measured().verdicts();
        let cells: Vec<_> = verdicts.iter().map(|verdict| verdict.cell).collect();
        assert_eq!(cells, DECKS.map(|(cell, _)| cell));
        let good = |name: &str| verdicts.iter().find(|verdict| verdict.cell == name).unwrap().transistors;
        assert!(good("ota") && good("tia") && good("hard_swish"), "{verdicts:?}");
        // Beyond its input range at the slow corner in the cold; 1.2 % off; of a gain that nothing trims.
        assert!(!good("row_driver") && !good("relu") && !good("multiplier"), "{verdicts:?}");
    }
}
