//! Unit symbols: what a token such as `kohm` or `m2/V/s` means.

/// What a quantity measures; one newtype of `memloom::units` each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Dimension {
    Number,
    Voltage,
    Current,
    Resistance,
    Conductance,
    Capacitance,
    Frequency,
    Time,
    SlewRate,
    Length,
    Speed,
    Rate,
    InverseVoltage,
    Mobility,
    Temperature,
    HeatCapacity,
    ThermalResistance,
    Energy,
    Field,
    Resistivity,
    Density,
    Area,
    RichardsonConstant,
    InverseTemperature,
}

use Dimension::*;

/// Dimension, its symbol, as in a sentence, and its newtype's name. A symbol's factors stand between slashes, the first
/// above the line, all others below it.
const UNITS: [(Dimension, &str, &str, &str); 23] = [
    (Voltage, "V", "a voltage", "Volts"),
    (Current, "A", "a current", "Amperes"),
    (Resistance, "ohm", "a resistance", "Ohms"),
    (Conductance, "S", "a conductance", "Siemens"),
    (Capacitance, "F", "a capacitance", "Farads"),
    (Frequency, "Hz", "a frequency", "Hertz"),
    (Time, "s", "a time", "Seconds"),
    (SlewRate, "V/s", "a slew rate", "VoltsPerSecond"),
    (Length, "m", "a length", "Metres"),
    (Speed, "m/s", "a speed", "MetresPerSecond"),
    (Rate, "1/s", "a rate", "PerSecond"),
    (InverseVoltage, "1/V", "an inverse voltage", "PerVolt"),
    (Mobility, "m2/V/s", "a mobility", "SquareMetresPerVoltSecond"),
    (Temperature, "K", "a temperature", "Kelvins"),
    (HeatCapacity, "J/K", "a heat capacity", "JoulesPerKelvin"),
    (ThermalResistance, "K/W", "a thermal resistance", "KelvinsPerWatt"),
    (Energy, "eV", "an energy", "Electronvolts"),
    (Field, "V/m", "a field", "VoltsPerMetre"),
    (Resistivity, "ohm.m", "a resistivity", "OhmMetres"),
    (Density, "1/m3", "a density", "PerCubicMetre"),
    (Area, "m2", "an area", "SquareMetres"),
    (RichardsonConstant, "A/m2/K2", "a Richardson constant", "AmperesPerSquareMetreKelvin"),
    (InverseTemperature, "1/K", "a temperature coefficient", "PerKelvin"),
];

/// Symbols that a factor of a unit is made of. `ohm.m` has no prefixes and no factors.
const BASES: [&str; 14] = ["V", "A", "ohm", "S", "F", "Hz", "s", "m", "K", "J", "W", "eV", "ohm.m", "1"];

/// Prefix and power of ten.
const PREFIXES: [(&str, i32); 11] = [
    ("", 0),
    ("a", -18),
    ("f", -15),
    ("p", -12),
    ("n", -9),
    ("u", -6),
    ("m", -3),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
];

impl Dimension {
    /// `a resistance`, as in a sentence.
    pub fn noun(self) -> &'static str {
        UNITS.iter().find(|u| u.0 == self).map_or("a plain number", |u| u.2)
    }

    /// The unit symbol without prefix; empty for a plain number.
    pub fn symbol(self) -> &'static str {
        UNITS.iter().find(|u| u.0 == self).map_or("", |u| u.1)
    }

    /// What a value looks like: `10 ohm`, or `10_000`.
    pub fn example(self) -> String {
        if self == Number { "10_000".into() } else { format!("10 {}", self.symbol()) }
    }

    /// A value of this dimension with the prefix that reads best: `2.5 kohm`.
    pub fn show(self, value: f64) -> String {
        if self == Number {
            let plain = value == 0.0 || (1e-3..1e6).contains(&value.abs());
            return if plain { format!("{value}") } else { format!("{value:e}") };
        }
        let mut best = (0, value);
        for (prefix, power) in PREFIXES {
            let scaled = value / 10f64.powi(power);
            if prefixed(self, prefix) && (1.0..1000.0).contains(&scaled.abs()) {
                best = (power, scaled);
            }
        }
        let (power, scaled) = best;
        let plain = value == 0.0 || (1e-3..1e4).contains(&scaled.abs());
        let rounded = (scaled * 1e6).round() / 1e6;
        let digits = if plain { format!("{rounded}") } else { format!("{scaled:e}") };
        format!("{digits} {}", symbol(self, power))
    }

    /// The type in `memloom::units`; `None` for a plain number, an `f64`.
    pub fn type_name(self) -> Option<&'static str> {
        UNITS.iter().find(|u| u.0 == self).map(|u| u.3)
    }
}

/// Whether a value of `dimension` may be shown with `prefix`: of `1/s` and powers such as `m2` it would mislead.
fn prefixed(dimension: Dimension, prefix: &str) -> bool {
    let first = dimension.symbol().split('/').next().unwrap_or_default();
    let plain = first != "1" && !first.ends_with(|c: char| c.is_ascii_digit()) && !first.contains('.');
    // `am` and `Tm` are no lengths that anyone writes.
    prefix.is_empty() || (plain && !(first == "m" && matches!(prefix, "k" | "M" | "G" | "T")))
}

/// A factor such as `kohm` or `m2`: its base, its exponent, and the power of ten of its prefix raised to it.
fn factor(text: &str) -> Option<(&'static str, i32, i32)> {
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let (bare, exponent) = match &text[bare.len()..] {
        "" => (bare, 1),
        _ if bare.is_empty() => (text, 1),
        digits => (bare, digits.parse().ok().filter(|n| (2..=9).contains(n))?),
    };
    BASES.iter().find_map(|base| {
        let prefix = bare.strip_suffix(base)?;
        let alone = matches!(*base, "1" | "ohm.m");
        let power = PREFIXES.iter().find(|p| p.0 == prefix && (!alone || prefix.is_empty()))?.1;
        Some((*base, exponent, power * exponent))
    })
}

/// The factors of a symbol, those below the line with negative exponents and in a fixed order, and its power of ten.
fn factors(symbol: &str) -> Option<(Vec<(&'static str, i32)>, i32)> {
    let (mut all, mut sum) = (Vec::new(), 0);
    for (at, part) in symbol.split('/').enumerate() {
        let (base, exponent, power) = factor(part)?;
        let sign = if at == 0 { 1 } else { -1 };
        sum += sign * power;
        all.push((base, sign * exponent));
    }
    all[1..].sort_unstable();
    Some((all, sum))
}

/// The dimension and power of ten of a symbol such as `kohm` or `V/us`.
pub fn lookup(symbol: &str) -> Option<(Dimension, i32)> {
    let (wanted, power) = factors(symbol)?;
    let found = UNITS.iter().find(|unit| factors(unit.1).is_some_and(|(own, _)| own == wanted));
    found.map(|unit| (unit.0, power))
}

/// The symbol of a dimension with the prefix for `power`: `kohm` for 3.
pub fn symbol(dimension: Dimension, power: i32) -> String {
    let prefix = PREFIXES.iter().find(|p| p.1 == power).map_or("", |p| p.0);
    let prefix = if prefixed(dimension, prefix) { prefix } else { "" };
    format!("{prefix}{}", dimension.symbol())
}

/// Every symbol of a dimension, smallest prefix first.
pub fn symbols(dimension: Dimension) -> Vec<String> {
    let mut prefixes = PREFIXES;
    prefixes.sort_by_key(|p| p.1);
    let fitting = prefixes.iter().filter(|p| prefixed(dimension, p.0));
    fitting.map(|(prefix, _)| format!("{prefix}{}", dimension.symbol())).collect()
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
        assert_eq!(lookup("m"), Some((Length, 0)));
        assert_eq!(lookup("nm/s"), Some((Speed, -9)));
        assert_eq!(lookup("m/ns"), Some((Speed, 9)));
        assert_eq!(lookup("1/us"), Some((Rate, 6)));
        assert_eq!(lookup("m2/s/V"), Some((Mobility, 0)));
        assert_eq!(lookup("nm2"), Some((Area, -18)));
        assert_eq!(lookup("1/nm3"), Some((Density, 27)));
        assert_eq!(lookup("meV"), Some((Energy, -3)));
        for wrong in
            ["", "k", "Ohm", "volts", "V/ohm", "V/", "kkohm", "A/s", "/s", "2", "m0", "m22", "k1/s", "é"]
        {
            assert_eq!(lookup(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn every_unit_is_read_back_as_its_dimension() {
        for (dimension, symbol, ..) in UNITS {
            assert_eq!(lookup(symbol), Some((dimension, 0)));
            assert!(UNITS.iter().filter(|u| u.1 == symbol).count() == 1);
        }
    }

    #[test]
    fn values_are_shown_with_the_prefix_that_reads_best() {
        assert_eq!(Length.show(3e-9), "3 nm");
        assert_eq!(Speed.show(-216.2), "-216.2 m/s");
        assert_eq!(Speed.show(1.46e-18), "1.46 am/s");
        assert_eq!(Rate.show(4000.0), "4000 1/s");
        assert_eq!(Mobility.show(1e-14), "1e-14 m2/V/s");
        assert_eq!(Number.show(1e12), "1e12");
        assert_eq!(Voltage.show(0.0), "0 V");
    }
}
