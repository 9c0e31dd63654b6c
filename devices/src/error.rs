//! What can be wrong with a device.

/// Why a device cannot be made, or not be programmed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No model of that name.
    #[error("there is no model `{name}`; write {known}")]
    Model {
        /// What was asked for.
        name: String,
        /// The models there are, the one most like it first.
        known: String,
    },
    /// The model has no such set.
    #[error("`{model}` has no set `{name}`; write {known}")]
    Set {
        /// The model.
        model: &'static str,
        /// What was asked for.
        name: String,
        /// The sets there are, the one most like it first.
        known: String,
    },
    /// The model has no such parameter.
    #[error("`{model}` has no parameter `{name}`; write {known}")]
    Parameter {
        /// The model.
        model: &'static str,
        /// What was asked for.
        name: String,
        /// The parameters there are, the one most like it first.
        known: String,
    },
    /// A value is outside a parameter's range.
    #[error("`{name} = {value:e}` of `{model}` is out of range; give a value in {range}")]
    Range {
        /// The model.
        model: &'static str,
        /// The parameter.
        name: &'static str,
        /// Its value, SI.
        value: f64,
        /// Lowest and highest value as text.
        range: String,
    },
    /// Parameters contradict each other.
    #[error("parameters of `{model}` contradict each other: {what}")]
    Contradiction {
        /// The model.
        model: &'static str,
        /// Which and how, and what to give instead.
        what: String,
    },
    /// Parameters cannot be drawn.
    #[error("`{model}` cannot be drawn: {what}")]
    Spread {
        /// The model.
        model: &'static str,
        /// Which parameter and why, and what to give.
        what: String,
    },
    /// No state has the wanted conductance.
    #[error(
        "`{model}` has no state of {wanted:e} S at {volts:e} V; ask for {low:e} to {high:e} S, or change its parameters"
    )]
    Reach {
        /// The model.
        model: &'static str,
        /// The conductance asked for, siemens.
        wanted: f64,
        /// The read voltage, volts.
        volts: f64,
        /// Lowest conductance there is, siemens.
        low: f64,
        /// Highest conductance there is, siemens.
        high: f64,
    },
}

/// The names in backticks, joined by commas.
pub(crate) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Most edits that a misspelled name is away from the right one.
const NEAR: usize = 2;

/// The names to write instead of `given`, in a sentence: the one that it was meant to be, if there is one, then the others.
pub(crate) fn instead<'a>(given: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let edits = |name: &str| strsim::damerau_levenshtein(given, name);
    let most = NEAR.min(given.chars().count().saturating_sub(1));
    // Edits say what is near; of those, a common beginning says what was meant.
    let alike = |name: &&str| (strsim::jaro_winkler(given, name) * 1e6) as u32;
    match names.clone().filter(|name| edits(name) <= most).max_by_key(alike) {
        None => format!("one of {}", list(names)),
        Some(meant) if names.clone().count() == 1 => format!("`{meant}`"),
        Some(meant) => format!("`{meant}`, or one of {}", list(names.filter(|name| *name != meant))),
    }
}

#[cfg(test)]
mod tests {
    use super::instead;

    #[test]
    fn the_name_that_was_meant_comes_first() {
        let names = ["team", "vteam", "k"];
        assert_eq!(instead("vtaem", names.into_iter()), "`vteam`, or one of `team`, `k`");
        assert_eq!(instead("j", names.into_iter()), "one of `team`, `vteam`, `k`");
        assert_eq!(instead("", names.into_iter()), "one of `team`, `vteam`, `k`");
        assert_eq!(instead("r_of", ["r_on", "r_off"].into_iter()), "`r_off`, or one of `r_on`");
        assert_eq!(instead("tem", ["team"].into_iter()), "`team`");
    }
}
