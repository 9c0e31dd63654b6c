//! Quantities in arguments: in SI units, or with a unit of their own.

use crate::Result;
use memloom::device::{Dimension, Spec, units};

/// The value of `text`, SI: `5e-5`, `50uS`, `50 uS`; `1%` of a plain number.
pub(crate) fn quantity(text: &str, dimension: Dimension) -> Result<f64> {
    let text = text.trim();
    let wrong = || {
        let example = dimension.example();
        format!(
            "`{text}` is not {}; write a number in SI units, or one such as `{example}`",
            dimension.noun()
        )
    };
    // The longest beginning that is a number: `1e-6` whole, `1` of `1eV`.
    let ends = (1..=text.len()).rev().filter(|end| text.is_char_boundary(*end));
    let number = ends.filter_map(|end| Some((text[..end].parse::<f64>().ok()?, end))).next();
    let (number, end) = number.filter(|(number, _)| number.is_finite()).ok_or_else(wrong)?;
    let value = match text[end..].trim() {
        "" => number,
        "%" if dimension == Dimension::Number => number / 100.0,
        symbol => match units::lookup(symbol) {
            // As a decimal, so that `10nm` is the number nearest to 1e-8.
            Some((given, power)) if given == dimension => {
                format!("{}e{power}", plain(&text[..end])).parse()?
            }
            _ => return Err(wrong().into()),
        },
    };
    if value.is_finite() { Ok(value) } else { Err(wrong().into()) }
}

/// A number's text without an exponent that is there already.
fn plain(text: &str) -> String {
    let text = text.trim();
    if text.contains(['e', 'E']) {
        format!("{}", text.parse::<f64>().unwrap_or(f64::NAN))
    } else {
        text.into()
    }
}

/// A parameter of `spec` and its value from `NAME=VALUE`.
pub(crate) fn setting(text: &str, spec: &Spec) -> Result<(String, f64)> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(
            format!("`{text}` sets nothing; write a parameter and its value, such as `name=1.5`").into()
        );
    };
    let parameter = &spec.parameters[spec.parameter(name.trim())?];
    if let Some(word) = parameter.words.iter().position(|word| *word == value.trim()) {
        return Ok((parameter.name.into(), word as f64));
    }
    Ok((parameter.name.into(), quantity(value, parameter.dimension)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_si_and_units_are_read() {
        for (text, dimension, wanted) in [
            ("50uS", Dimension::Conductance, 5e-5),
            ("5e-5", Dimension::Conductance, 5e-5),
            ("-1.2 V", Dimension::Voltage, -1.2),
            ("10nm", Dimension::Length, 1e-8),
            ("1.5e3mV", Dimension::Voltage, 1.5),
            ("1eV", Dimension::Energy, 1.0),
            ("0.5%", Dimension::Number, 0.005),
        ] {
            assert_eq!(quantity(text, dimension).unwrap(), wanted, "{text}");
        }
        for (text, dimension) in [
            ("", Dimension::Voltage),
            ("V", Dimension::Voltage),
            ("1A", Dimension::Voltage),
            ("1%", Dimension::Voltage),
            ("inf", Dimension::Voltage),
            ("NaN", Dimension::Number),
            ("1e400", Dimension::Number),
            ("1é", Dimension::Number),
        ] {
            let error = quantity(text, dimension).unwrap_err().to_string();
            assert!(error.contains(&format!("`{text}`")) && error.contains("write"), "{error}");
        }
    }
}
