//! Values of flags: quantities with units, whole numbers, and the range that each may take.

pub(crate) mod limits;
mod parse;
mod range;

pub(crate) use range::{Range, Whole};

use crate::Result;
use memloom::device::{Dimension, Spec};
use parse::{Kind, parse};

/// The value of `text`, SI: `5e-5`, `50uS`, `50 uS`; `1%` of a plain number.
///
/// # Errors
/// If it measures something else, or nothing.
pub(crate) fn quantity(text: &str, dimension: Dimension) -> Result<f64> {
    let advice = || format!("write a number in SI units, or one such as `{}`", dimension.example());
    Ok(parse(text, Kind::Of(dimension)).map_err(|what| format!("{what}; {}", advice()))?)
}

/// A parameter of `spec` and its value from `NAME=VALUE`, the text of a flag.
///
/// # Errors
/// If there is no such parameter, or it takes no such value.
pub(crate) fn setting(flag: &str, text: &str, spec: &Spec) -> Result<(String, f64)> {
    let Some((name, value)) = text.split_once('=') else {
        let what = "sets nothing; write a parameter and its value, such as `name=1.5`";
        return Err(format!("--{flag}: `{text}` {what}").into());
    };
    let parameter = &spec.parameters[spec.parameter(name.trim())?];
    if let Some(word) = parameter.words.iter().position(|word| *word == value.trim()) {
        return Ok((parameter.name.into(), word as f64));
    }
    let value = quantity(value, parameter.dimension).map_err(|what| format!("--{flag}={text}: {what}"))?;
    Ok((parameter.name.into(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_ends_with_what_to_write() {
        for (text, dimension, said) in [
            (
                "1A",
                Dimension::Voltage,
                "is not a voltage but a current; write a number in SI units, or one such as `10 V`",
            ),
            (
                "much",
                Dimension::Number,
                "`much` is not a plain number; write a number in SI units, or one such as `10_000`",
            ),
        ] {
            let error = quantity(text, dimension).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn every_printed_example_is_read() {
        for parameter in
            Spec::find("vteam").unwrap().parameters.iter().chain(Spec::find("jart").unwrap().parameters)
        {
            let example = parameter.dimension.example();
            assert!(quantity(&example, parameter.dimension).is_ok(), "{example}");
        }
    }
}
