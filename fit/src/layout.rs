//! Which columns of a file hold time, voltage and current, and in which units.

use crate::Error;
use memloom_devices::{Dimension, units};
use std::fmt::{Display, Formatter};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// Seconds.
    Time,
    /// Volts.
    Voltage,
    /// Amperes.
    Current,
}

impl Quantity {
    /// All of them, in the order of a [`Measurement`](crate::Measurement).
    pub const ALL: [Self; 3] = [Self::Time, Self::Voltage, Self::Current];

    /// `time`, `voltage` or `current`: what its column is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Time => "time",
            Self::Voltage => "voltage",
            Self::Current => "current",
        }
    }

    /// The short name of its column: `t`, `v` or `i`.
    pub fn short(self) -> &'static str {
        match self {
            Self::Time => "t",
            Self::Voltage => "v",
            Self::Current => "i",
        }
    }

    fn dimension(self) -> Dimension {
        match self {
            Self::Time => Dimension::Time,
            Self::Voltage => Dimension::Voltage,
            Self::Current => Dimension::Current,
        }
    }

    fn place(self) -> usize {
        self as usize
    }
}

/// A unit of a column.
#[derive(Debug, Clone, PartialEq)]
pub struct Unit {
    /// Its symbol, such as `uA`.
    pub symbol: String,
    /// What it is in SI units.
    pub factor: f64,
}

impl Unit {
    /// The unit that `symbol` stands for, if it is one of `quantity`: `uA`, `µA`, `ms`, `Volts`.
    pub fn of(quantity: Quantity, symbol: &str) -> Option<Self> {
        let plain = symbol.trim().replace(['µ', 'μ'], "u");
        let word = match plain.to_lowercase().as_str() {
            "sec" | "secs" | "second" | "seconds" => "s",
            "volt" | "volts" => "V",
            "amp" | "amps" | "ampere" | "amperes" => "A",
            _ => &plain,
        };
        let (dimension, power) = units::lookup(word)?;
        // As a decimal: the number nearest to 1e-6, which a power is not everywhere.
        let factor = format!("1e{power}").parse().ok()?;
        (dimension == quantity.dimension()).then(|| Self { symbol: word.into(), factor })
    }

    pub(crate) fn si(quantity: Quantity) -> Self {
        Self { symbol: quantity.dimension().symbol().into(), factor: 1.0 }
    }
}

/// A column that a user names.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its name in the header, with or without its unit, or its number from 1.
    pub name: String,
    /// Its unit; the header's if left out, else SI.
    pub unit: Option<Unit>,
}

/// How a file is laid out, where it does not say so itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    columns: [Option<Column>; 3],
    pub(crate) step: Option<f64>,
}

impl Layout {
    /// A file whose rows are so many seconds apart, if it has no times.
    pub fn every(step: Option<f64>) -> Self {
        Self { step, ..Self::default() }
    }

    /// Takes `QUANTITY=NAME` or `QUANTITY=NAME:UNIT`, such as `current=Smu1.I[1][1]:uA` or `voltage=2:mV`.
    ///
    /// # Errors
    /// [`Error::Options`] if it is none, or the quantity has its column already.
    pub fn name(&mut self, text: &str) -> Result<(), Error> {
        let refused = |what: String| Err(Error::Options { what });
        let Some((quantity, name)) = text.split_once('=').map(|(a, b)| (a.trim(), b.trim())) else {
            return refused(format!(
                "`{text}` names no column; write a quantity and its column, such as `current=Id:uA`"
            ));
        };
        let known = |q: &Quantity| [q.name(), q.short()].iter().any(|n| n.eq_ignore_ascii_case(quantity));
        let Some(quantity) = Quantity::ALL.into_iter().find(known) else {
            return refused(format!(
                "`{quantity}` is no column of a measurement; write `time`, `voltage` or `current`"
            ));
        };
        // A name may hold a colon itself: what follows the last one is a unit, or belongs to the name.
        let parts = name.rsplit_once(':').map(|(name, unit)| (name, Unit::of(quantity, unit), unit));
        let column = match parts {
            Some((name, Some(unit), _)) => Column { name: name.trim().into(), unit: Some(unit) },
            Some((before, None, unit)) if before.parse::<usize>().is_ok() => {
                let example = ["ms", "mV", "uA"][quantity.place()];
                return refused(format!(
                    "`{unit}` is no unit of {}; write one such as `{example}`",
                    quantity.name()
                ));
            }
            _ => Column { name: name.into(), unit: None },
        };
        if column.name.is_empty() {
            return refused(format!("`{text}` names no column; write its name in the header, or its number"));
        }
        if self.columns[quantity.place()].replace(column).is_some() {
            return refused(format!("two columns are named for `{}`; name one", quantity.name()));
        }
        Ok(())
    }

    /// The column that the user names for a quantity.
    pub(crate) fn of(&self, quantity: Quantity) -> Option<&Column> {
        self.columns[quantity.place()].as_ref()
    }

    /// The quantities that are read from columns.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = Quantity> {
        let counted = self.step.is_some();
        Quantity::ALL.into_iter().filter(move |q| !(counted && *q == Quantity::Time))
    }

    /// The place of each wanted column if all of them go by number: such a file needs no header.
    pub(crate) fn numbers(&self) -> Option<Vec<usize>> {
        self.wanted().map(|q| self.of(q)?.name.parse::<usize>().ok()?.checked_sub(1)).collect()
    }
}

/// Where a quantity was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// What it is.
    pub quantity: Quantity,
    /// Its column's place in a row, from 0.
    pub(crate) place: usize,
    /// What the file calls the column; its number from 1 where there is no header.
    pub name: String,
    /// The unit of its values.
    pub unit: Unit,
}

/// How a file was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The columns that were taken.
    pub columns: Vec<Found>,
    /// What separates values.
    pub separator: char,
    /// Seconds from row to row, where the file has no times.
    pub step: Option<f64>,
}

impl Source {
    /// Whether the file is laid out as memloom's own: nothing of it had to be guessed.
    pub fn is_plain(&self) -> bool {
        let plain = |f: &Found| {
            [f.quantity.name(), f.quantity.short()].iter().any(|n| f.name.eq_ignore_ascii_case(n))
                && f.unit.factor.to_bits() == 1f64.to_bits()
        };
        self.separator == ',' && self.step.is_none() && self.columns.iter().all(plain)
    }
}

impl Display for Source {
    /// A part of a sentence: ``time from `Time (s)` in s, ..``.
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        if let Some(step) = self.step {
            write!(f, "rows {} apart, ", Dimension::Time.show(step))?;
        }
        for (at, Found { quantity, name, unit, .. }) in self.columns.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{} from `{name}` in {}", quantity.name(), unit.symbol)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_column_has_a_name_and_perhaps_a_unit() {
        let mut layout = Layout::default();
        ["time=CH1:Time", "v = 2:mV", "current=Id:µA"].iter().for_each(|text| layout.name(text).unwrap());
        let [t, v, i] = Quantity::ALL.map(|q| layout.of(q).cloned().unwrap());
        assert_eq!((t.name.as_str(), t.unit), ("CH1:Time", None));
        assert_eq!((v.name.as_str(), v.unit.unwrap().factor), ("2", 1e-3));
        assert_eq!((i.name.as_str(), i.unit.unwrap().factor), ("Id", 1e-6));
        for (text, part) in [
            ("time", "`time` names no column"),
            ("charge=Q", "write `time`, `voltage` or `current`"),
            ("time=", "names no column"),
            ("time=T", "two columns are named for `time`"),
            ("current=3:mV", "`mV` is no unit of current; write one such as `uA`"),
        ] {
            let error = layout.name(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
    }
}
