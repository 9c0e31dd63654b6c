//! Unit symbols: what a token such as `kohm` means.

/// What a quantity measures; one newtype of `memloom::units` each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension {
    Number,
    Voltage,
    Current,
    Resistance,
    Conductance,
    Capacitance,
    Frequency,
    Time,
    SlewRate,
}

use Dimension::{Capacitance, Conductance, Current, Frequency, Number, Resistance, SlewRate, Time, Voltage};

/// Symbol, dimension and the newtype's name. `V/s` is spelled with three tokens.
const UNITS: [(&str, Dimension, &str); 8] = [
    ("V", Voltage, "Volts"),
    ("A", Current, "Amperes"),
    ("ohm", Resistance, "Ohms"),
    ("S", Conductance, "Siemens"),
    ("F", Capacitance, "Farads"),
    ("Hz", Frequency, "Hertz"),
    ("s", Time, "Seconds"),
    ("V/s", SlewRate, "VoltsPerSecond"),
];

/// Prefix and power of ten.
const PREFIXES: [(&str, i32); 9] =
    [("", 0), ("f", -15), ("p", -12), ("n", -9), ("u", -6), ("m", -3), ("k", 3), ("M", 6), ("G", 9)];

impl Dimension {
    /// `a resistance`, as in a sentence.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Number => "a plain number",
            Voltage => "a voltage",
            Current => "a current",
            Resistance => "a resistance",
            Conductance => "a conductance",
            Capacitance => "a capacitance",
            Frequency => "a frequency",
            Time => "a time",
            SlewRate => "a slew rate",
        }
    }

    /// The unit symbol without prefix; empty for a plain number.
    pub(crate) fn symbol(self) -> &'static str {
        UNITS.iter().find(|u| u.1 == self).map_or("", |u| u.0)
    }

    /// What a value looks like: `10 ohm`, or `10_000`.
    pub(crate) fn example(self) -> String {
        if self == Number { "10_000".into() } else { format!("10 {}", self.symbol()) }
    }

    /// A value of this dimension with the prefix that reads best: `2.5 kohm`.
    pub(crate) fn show(self, value: f64) -> String {
        if self == Number {
            return if value < 1e6 { format!("{value}") } else { format!("{value:e}") };
        }
        let mut best = (0, value);
        for (_, power) in PREFIXES {
            let scaled = value / 10f64.powi(power);
            if (1.0..1000.0).contains(&scaled.abs()) {
                best = (power, scaled);
            }
        }
        format!("{} {}", (best.1 * 1e6).round() / 1e6, symbol(self, best.0))
    }

    /// The type in `memloom::units`; `None` for a plain number, an `f64`.
    pub(crate) fn type_name(self) -> Option<&'static str> {
        UNITS.iter().find(|u| u.1 == self).map(|u| u.2)
    }
}

/// The dimension and power of ten of a symbol such as `kohm` or `V/us`.
pub(crate) fn lookup(symbol: &str) -> Option<(Dimension, i32)> {
    if let Some((volts, seconds)) = symbol.split_once('/') {
        let ((Voltage, over), (Time, under)) = (lookup(volts)?, lookup(seconds)?) else { return None };
        return Some((SlewRate, over - under));
    }
    UNITS.iter().filter(|u| u.1 != SlewRate).find_map(|(unit, dimension, _)| {
        let prefix = symbol.strip_suffix(unit)?;
        PREFIXES.iter().find(|p| p.0 == prefix).map(|p| (*dimension, p.1))
    })
}

/// The symbol of a dimension with the prefix for `power`: `kohm` for 3.
pub(crate) fn symbol(dimension: Dimension, power: i32) -> String {
    let prefix = PREFIXES.iter().find(|p| p.1 == power).map_or("", |p| p.0);
    format!("{prefix}{}", dimension.symbol())
}

/// Every symbol of a dimension, smallest prefix first.
pub(crate) fn symbols(dimension: Dimension) -> Vec<String> {
    let mut prefixes = PREFIXES;
    prefixes.sort_by_key(|p| p.1);
    prefixes.iter().map(|(prefix, _)| format!("{prefix}{}", dimension.symbol())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_mean_what_an_engineer_reads() {
        assert_eq!(lookup("kohm"), Some((Resistance, 3)));
        assert_eq!(lookup("mohm"), Some((Resistance, -3)));
        assert_eq!(lookup("Mohm"), Some((Resistance, 6)));
        assert_eq!(lookup("uS"), Some((Conductance, -6)));
        assert_eq!(lookup("us"), Some((Time, -6)));
        assert_eq!(lookup("V/us"), Some((SlewRate, 6)));
        assert_eq!(lookup("pF"), Some((Capacitance, -12)));
        assert_eq!(lookup("MHz"), Some((Frequency, 6)));
        for wrong in ["", "k", "Ohm", "volts", "V/ohm", "V/", "kkohm", "A/s"] {
            assert_eq!(lookup(wrong), None, "{wrong}");
        }
    }
}
