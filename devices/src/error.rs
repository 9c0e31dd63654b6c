//! What can be wrong with a device.

/// Why a device cannot be made, or not be programmed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No model of that name.
    #[error("there is no model `{name}`; write one of {known}")]
    Model {
        /// What was asked for.
        name: String,
        /// The models there are.
        known: String,
    },
    /// The model has no such set.
    #[error("`{model}` has no set `{name}`; write one of {known}")]
    Set {
        /// The model.
        model: &'static str,
        /// What was asked for.
        name: String,
        /// The sets there are.
        known: String,
    },
    /// The model has no such parameter.
    #[error("`{model}` has no parameter `{name}`; write one of {known}")]
    Parameter {
        /// The model.
        model: &'static str,
        /// What was asked for.
        name: String,
        /// The parameters there are.
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
