//! The one reader of quantities: `5e-5`, `50uS`, `50 µS`, `2.5 Ω`, `3%`, `-40C`, `1day`.

use memloom::device::{Dimension, units};

/// What a text is to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A quantity in SI units; of a plain number also a share, `3%` or `500ppm`.
    Of(Dimension),
    /// A temperature in degrees Celsius; `K` is converted.
    Celsius,
}

impl Kind {
    /// `a voltage`, as in a sentence.
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Of(dimension) => dimension.noun(),
            Self::Celsius => "a temperature",
        }
    }
}

/// How a unit turns a number into the value.
enum Unit {
    /// A power of ten.
    Power(i32),
    /// A factor that is none.
    Times(f64),
    /// A summand.
    Plus(f64),
}

/// Longest text that is taken for a quantity, bytes.
const LONGEST: usize = 100;
/// Zero of the Celsius scale, K.
const ICE: f64 = 273.15;
/// Units of time beyond the second, in seconds; a year is the Julian one.
const CALENDAR: [(&[&str], f64); 4] = [
    (&["min"], 60.0),
    (&["h", "hour", "hours"], 3600.0),
    (&["d", "day", "days"], 86_400.0),
    (&["y", "year", "years"], 31_557_600.0),
];

/// The value of `text`, SI; degrees Celsius of a [`Kind::Celsius`].
///
/// # Errors
/// What is wrong with it, without what to write instead: the caller knows that.
pub(crate) fn parse(text: &str, kind: Kind) -> Result<f64, String> {
    let text = text.trim();
    let wrong = || format!("`{text}` is not {}", kind.noun());
    let (digits, exponent, symbol) = split(text).ok_or_else(wrong)?;
    let symbol = ascii(symbol);
    let unit = unit(&symbol, kind).ok_or_else(|| match measures(&symbol) {
        Some(other) => format!("{} but {other}", wrong()),
        None => wrong(),
    })?;
    // As one decimal, so that `10nm` is the number nearest to 1e-8.
    let decimal =
        |power: i32| format!("{digits}e{}", exponent.saturating_add(i64::from(power))).parse::<f64>();
    let value = match unit {
        Unit::Power(power) => decimal(power),
        Unit::Times(factor) => decimal(0).map(|number| number * factor),
        Unit::Plus(summand) => decimal(0).map(|number| number + summand),
    };
    value.ok().filter(|value| value.is_finite()).ok_or_else(|| format!("`{text}` is beyond all numbers"))
}

/// Digits, exponent and unit of a text; `1` and `eV` of `1eV`, with the exponent -6 of `1e-6`.
fn split(text: &str) -> Option<(String, i64, &str)> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (sign, rest) = match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let end = rest.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | '_')).unwrap_or(rest.len());
    let (digits, rest) = rest.split_at(end);
    if text.len() > LONGEST || !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let digits = sign.to_owned() + &digits.replace('_', "");
    digits.parse::<f64>().ok()?;
    let (exponent, symbol) = power(rest).unwrap_or((0, rest));
    Some((digits, exponent, symbol.trim()))
}

/// The exponent that `text` begins with, and what follows it; `None` where there is none, as in `eV`.
fn power(text: &str) -> Option<(i64, &str)> {
    let rest = text.strip_prefix(['e', 'E'])?;
    let signed = rest.strip_prefix(['-', '+']).unwrap_or(rest);
    let count = signed.find(|c: char| !c.is_ascii_digit()).unwrap_or(signed.len());
    let (number, rest) = rest.split_at(rest.len() - signed.len() + count);
    Some((number.parse().ok()?, rest))
}

/// A symbol in the letters of the table of units: `µ` and `Ω` in either code, `°C`.
fn ascii(symbol: &str) -> String {
    symbol.replace(['µ', 'μ'], "u").replace(['Ω', 'Ω'], "ohm").replace("°C", "C").replace("Ohm", "ohm")
}

fn unit(symbol: &str, kind: Kind) -> Option<Unit> {
    match (kind, symbol) {
        (_, "") => Some(Unit::Power(0)),
        (Kind::Celsius, "C") => Some(Unit::Plus(0.0)),
        (Kind::Celsius, "K") => Some(Unit::Plus(-ICE)),
        (Kind::Celsius, _) => None,
        (Kind::Of(Dimension::Number), "%") | (Kind::Of(Dimension::InverseTemperature), "%/K") => {
            Some(Unit::Power(-2))
        }
        (Kind::Of(Dimension::Number), "ppm") | (Kind::Of(Dimension::InverseTemperature), "ppm/K") => {
            Some(Unit::Power(-6))
        }
        (Kind::Of(Dimension::Time), symbol) if calendar(symbol).is_some() => {
            calendar(symbol).map(Unit::Times)
        }
        (Kind::Of(wanted), symbol) => {
            units::lookup(symbol).filter(|(given, _)| *given == wanted).map(|(_, power)| Unit::Power(power))
        }
    }
}

fn calendar(symbol: &str) -> Option<f64> {
    CALENDAR.iter().find(|(names, _)| names.contains(&symbol)).map(|(_, seconds)| *seconds)
}

/// What a unit measures, as in a sentence.
fn measures(symbol: &str) -> Option<&'static str> {
    match symbol {
        "%" | "ppm" => Some("a share"),
        "C" => Some("a temperature"),
        _ if calendar(symbol).is_some() => Some("a time"),
        _ => units::lookup(symbol).map(|(dimension, _)| dimension.noun()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Dimension::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_si_and_units_are_read_as_people_write_them() {
        for (text, dimension, wanted) in [
            ("50uS", Conductance, 5e-5),
            ("5e-5", Conductance, 5e-5),
            ("-1.2 V", Voltage, -1.2),
            ("−1.2 V", Voltage, -1.2),
            ("100 µV", Voltage, 1e-4),
            ("100μV", Voltage, 1e-4),
            ("2.5Ω", Resistance, 2.5),
            ("2.5 kΩ", Resistance, 2500.0),
            ("1 Mohm", Resistance, 1e6),
            ("10nm", Length, 1e-8),
            ("1.5e3mV", Voltage, 1.5),
            ("1e+3mV", Voltage, 1.0),
            ("1eV", Energy, 1.0),
            ("0.5%", Number, 0.005),
            ("500 ppm", Number, 5e-4),
            ("10_000", Number, 1e4),
            (".5", Number, 0.5),
            ("0.1%/K", InverseTemperature, 1e-3),
            ("1day", Time, 86_400.0),
            ("1.5 h", Time, 5400.0),
            ("2min", Time, 120.0),
            ("10 years", Time, 315_576_000.0),
            ("1e-400", Number, 0.0),
        ] {
            assert_eq!(parse(text, Kind::Of(dimension)).unwrap(), wanted, "{text}");
        }
        for (text, wanted) in [("-40C", -40.0), ("85", 85.0), ("85 °C", 85.0), ("273.15K", 0.0)] {
            assert_eq!(parse(text, Kind::Celsius).unwrap(), wanted, "{text}");
        }
    }

    #[test]
    fn what_is_none_says_what_it_is() {
        for (text, dimension, said) in [
            ("", Voltage, "`` is not a voltage"),
            ("V", Voltage, "`V` is not a voltage"),
            ("3ohm", Voltage, "`3ohm` is not a voltage but a resistance"),
            ("1%", Voltage, "`1%` is not a voltage but a share"),
            ("1 day", Voltage, "`1 day` is not a voltage but a time"),
            ("20C", Voltage, "`20C` is not a voltage but a temperature"),
            ("inf", Voltage, "`inf` is not a voltage"),
            ("NaN", Number, "`NaN` is not a plain number"),
            ("0x10", Number, "`0x10` is not a plain number"),
            ("1.2.3", Number, "is not a plain number"),
            ("1e400", Number, "`1e400` is beyond all numbers"),
            ("1e99999999999999999999", Number, "is not a plain number"),
            ("9e9223372036854775807mV", Voltage, "beyond all numbers"),
            ("1é", Number, "is not a plain number"),
        ] {
            let error = parse(text, Kind::Of(dimension)).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

        #[test]
        fn any_text_is_a_finite_value_or_an_error_that_quotes_it(text in "\\PC{0,20}|[-+0-9._eE%µΩVmukohms ]{0,12}") {
            for kind in [Kind::Of(Voltage), Kind::Of(Number), Kind::Of(Time), Kind::Celsius] {
                match parse(&text, kind) {
                    Ok(value) => prop_assert!(value.is_finite()),
                    Err(what) => prop_assert!(what.starts_with(&format!("`{}` is ", text.trim())), "{}", what),
                }
            }
        }

        #[test]
        fn what_is_shown_is_read_back(value in proptest::num::f64::NORMAL, dimension in 0usize..8) {
            let dimension = [Voltage, Current, Resistance, Conductance, Time, Number, Mobility, Energy][dimension];
            // `show` rounds to six digits behind the point, of 1e-3 at the least where a unit takes no prefix.
            let back = parse(&dimension.show(value), Kind::Of(dimension)).unwrap();
            prop_assert!((back / value - 1.0).abs() < 1e-3 || value.abs() > 1e300, "{} for {}", back, value);
        }
    }
}
