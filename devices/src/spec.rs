//! Tables that say what a model is.

use crate::error::{Error, instead, list};
use crate::{Device, Dimension};

/// What a model is, apart from its equations.
#[derive(Debug)]
pub struct Spec {
    /// Name in text and in attributes: `vteam`. Its Verilog-A module is `ml_vteam`.
    pub name: &'static str,
    /// Name of the struct: `Vteam`.
    pub type_name: &'static str,
    /// What it is, in one line.
    pub title: &'static str,
    /// Papers with the equations.
    pub source: &'static str,
    /// On what terms the equations and parameters may be used.
    pub licence: &'static str,
    /// The parameters.
    pub parameters: &'static [Parameter],
    /// Published sets of them; the first is the default.
    pub sets: &'static [Set],
    /// What the model remembers. The first is what programming moves.
    pub states: &'static [State],
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Name, of the struct's field too.
    pub name: &'static str,
    /// What it measures; its values are in SI units (energies in electronvolts).
    pub dimension: Dimension,
    /// Lowest value.
    pub low: f64,
    /// Highest value.
    pub high: f64,
    /// Names of the values 0, 1, .. of a parameter that chooses; empty for a quantity.
    pub words: &'static [&'static str],
    /// What it does, in one line.
    pub about: &'static str,
}

/// A published set of parameters.
#[derive(Debug)]
pub struct Set {
    /// Name in attributes: `magic`.
    pub name: &'static str,
    /// Name of the struct's constant: `MAGIC`.
    pub constant: &'static str,
    /// Where it was published.
    pub source: &'static str,
    /// The model with this set.
    pub device: Device,
}

/// A variable that a model remembers, scaled to the order of 1.
#[derive(Debug)]
pub struct State {
    /// Name, of its node in netlists too.
    pub name: &'static str,
    /// Its unit, such as `nm`; empty for a plain number.
    pub unit: &'static str,
    /// What it is, in one line.
    pub about: &'static str,
    /// Whether it settles at once after a change of voltage, by itself: it is no memory, and a DC analysis solves for it.
    /// The parameter `c_<name>` is its own capacitance, farad.
    pub settles: bool,
}

impl Spec {
    /// The model called `name`.
    ///
    /// # Errors
    /// [`Error::Model`].
    pub fn find(name: &str) -> Result<&'static Self, Error> {
        let found = Device::SPECS.iter().find(|spec| spec.name == name);
        found.copied().ok_or_else(|| Error::Model {
            name: name.into(),
            known: instead(name, Device::SPECS.iter().map(|spec| spec.name)),
        })
    }

    /// The set called `name`.
    ///
    /// # Errors
    /// [`Error::Set`].
    pub fn set(&self, name: &str) -> Result<&'static Set, Error> {
        let found = self.sets.iter().find(|set| set.name == name);
        let known = || instead(name, self.sets.iter().map(|set| set.name));
        found.ok_or_else(|| Error::Set { model: self.name, name: name.into(), known: known() })
    }

    /// Position of the parameter called `name`.
    ///
    /// # Errors
    /// [`Error::Parameter`].
    pub fn parameter(&self, name: &str) -> Result<usize, Error> {
        let found = self.parameters.iter().position(|parameter| parameter.name == name);
        let known = || instead(name, self.parameters.iter().map(|parameter| parameter.name));
        found.ok_or_else(|| Error::Parameter { model: self.name, name: name.into(), known: known() })
    }
}

impl Parameter {
    /// Whether `value` is in range; of a parameter that chooses, whether it is a choice.
    pub fn allows(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value) && (self.words.is_empty() || value.fract() == 0.0)
    }

    /// The range as text: `` `1 mohm` to `1 Tohm` ``, or the choices.
    pub fn range(&self) -> String {
        match self.words {
            [] => format!("`{}` to `{}`", self.dimension.show(self.low), self.dimension.show(self.high)),
            words => list(words.iter().copied()),
        }
    }

    /// `value` as a user writes it: with the prefix that reads best, or the word of a choice.
    pub fn show(&self, value: f64) -> String {
        match self.words.get(value as usize) {
            Some(word) => (*word).into(),
            None => self.dimension.show(value),
        }
    }
}
