//! A range with its reasons, and how a flag's text is held to it.

use super::parse::{Kind, parse};
use memloom::device::Dimension;
use std::fmt::Display;

/// What a quantity may be. Ends are written as a user would, so that messages and help show them.
#[derive(Debug)]
pub(crate) struct Range {
    pub(crate) kind: Kind,
    /// Least and greatest value.
    pub(crate) ends: (&'static str, &'static str),
    /// Why it is no less, and no more.
    pub(crate) reasons: (&'static str, &'static str),
    /// A usual value.
    pub(crate) example: &'static str,
}

impl Range {
    /// The value of `text`, SI (temperatures in degrees Celsius).
    ///
    /// # Errors
    /// If it is no such quantity, or out of range: which end, why, and what to write.
    pub(crate) fn read(&self, text: &str) -> Result<f64, String> {
        let value = parse(text, self.kind).map_err(|what| format!("{what}; write {}", self.span()))?;
        let (least, most) = self.values();
        hold(text, &value, (&least, &most), self.ends, self.reasons)
            .map_err(|what| format!("{what}; write {} such as `{}`", self.noun(), self.example))?;
        Ok(value)
    }

    /// The value of the flag `flag`.
    ///
    /// # Errors
    /// As [`Range::read`], with the flag's name before.
    pub(crate) fn flag(&self, flag: &str, text: &str) -> crate::Result<f64> {
        Ok(self.read(text).map_err(|what| format!("--{flag}={text}: {what}"))?)
    }

    /// `about`, and what may be written.
    pub(crate) fn help(&self, about: &str) -> String {
        format!("{about}: {}", self.span())
    }

    /// What stands for the value in a usage line: `SHARE`, `OHM`.
    pub(crate) fn placeholder(&self) -> String {
        match self.kind {
            Kind::Celsius => "CELSIUS".into(),
            Kind::Of(Dimension::Number) if self.is_share() => "SHARE".into(),
            Kind::Of(Dimension::Number) => "NUMBER".into(),
            Kind::Of(Dimension::InverseTemperature) => "PER_K".into(),
            Kind::Of(dimension) => dimension.symbol().to_uppercase(),
        }
    }

    /// `` `0` to `1Mohm`, such as `2.5ohm` ``.
    fn span(&self) -> String {
        format!("`{}` to `{}`, such as `{}`", self.ends.0, self.ends.1, self.example)
    }

    fn noun(&self) -> &'static str {
        if self.is_share() { "a share" } else { self.kind.noun() }
    }

    fn is_share(&self) -> bool {
        self.example.ends_with('%')
    }

    fn values(&self) -> (f64, f64) {
        let end = |text| parse(text, self.kind).expect("the ends of a range are values; a test reads them");
        (end(self.ends.0), end(self.ends.1))
    }
}

/// What a whole number may be.
#[derive(Debug)]
pub(crate) struct Whole {
    /// Least and greatest value.
    pub(crate) ends: (u64, u64),
    /// Why it is no less, and no more.
    pub(crate) reasons: (&'static str, &'static str),
    /// A usual value.
    pub(crate) example: u64,
}

impl Whole {
    /// The number that `text` says.
    ///
    /// # Errors
    /// If it is none, or out of range: which end, why, and what to write.
    pub(crate) fn read<T: TryFrom<u64>>(&self, text: &str) -> Result<T, String> {
        let digits = text.trim().replace('_', "");
        let number = match digits.parse::<u64>() {
            Ok(number) => number,
            // More digits than a number holds are above every end.
            Err(_) if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => {
                return Err(self.out(text, "above", self.ends.1, self.reasons.1));
            }
            Err(_) if digits.strip_prefix('-').is_some_and(|d| d.parse::<u64>().is_ok()) => {
                return Err(self.out(text, "below", self.ends.0, self.reasons.0));
            }
            Err(_) => return Err(format!("`{text}` is not a whole number; write {}", self.span())),
        };
        let ends = (&self.ends.0, &self.ends.1);
        hold(text, &number, ends, self.ends, self.reasons)
            .map_err(|what| format!("{what}; write {}", self.span()))?;
        T::try_from(number).map_err(|_| self.out(text, "above", self.ends.1, self.reasons.1))
    }

    /// `about`, and what may be written.
    pub(crate) fn help(&self, about: &str) -> String {
        format!("{about}: {}", self.span())
    }

    fn out(&self, text: &str, side: &str, end: u64, reason: &str) -> String {
        format!("`{text}` is {side} `{end}`; {reason}; write {}", self.span())
    }

    fn span(&self) -> String {
        format!("`{}` to `{}`, such as `{}`", self.ends.0, self.ends.1, self.example)
    }
}

/// Holds `value` between two values, which a user would write as `ends`.
fn hold<T: PartialOrd, E: Display>(
    text: &str,
    value: &T,
    (least, most): (&T, &T),
    ends: (E, E),
    reasons: (&str, &str),
) -> Result<(), String> {
    if value < least {
        Err(format!("`{}` is below `{}`; {}", text.trim(), ends.0, reasons.0))
    } else if value > most {
        Err(format!("`{}` is above `{}`; {}", text.trim(), ends.1, reasons.1))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::limits;
    use proptest::prelude::*;

    #[test]
    fn an_error_names_end_reason_and_what_to_write() {
        let error = limits::PROGRAM_ERROR.read("1e308").unwrap_err();
        assert_eq!(
            error,
            "`1e308` is above `10`; a deviation of ten times the conductance leaves nothing of it; write a share such as `3%`"
        );
        let error = limits::OFFSET.read("3ohm").unwrap_err();
        assert_eq!(error, "`3ohm` is not a voltage but a resistance; write `0` to `10V`, such as `100uV`");
        assert_eq!(limits::OFFSET.read("100 uV"), Ok(1e-4));
        let error = limits::LEVELS.read::<u32>("1").unwrap_err();
        assert!(error.starts_with("`1` is below `2`; "), "{error}");
        assert!(
            limits::LEVELS
                .read::<u32>("99999999999999999999999")
                .unwrap_err()
                .contains("is above `16777216`")
        );
        assert!(limits::LEVELS.read::<u32>("-3").unwrap_err().contains("is below `2`"));
        assert!(limits::LEVELS.read::<u32>("6.4").unwrap_err().contains("is not a whole number"));
    }

    #[test]
    fn every_range_rises_and_holds_its_example_and_its_ends() {
        for range in limits::RANGES {
            let (least, most) = range.values();
            assert!(least < most, "{range:?}");
            for text in [range.example, range.ends.0, range.ends.1] {
                range.read(text).unwrap_or_else(|what| panic!("{what}: {range:?}"));
            }
        }
        for whole in limits::WHOLES {
            for number in [whole.example, whole.ends.0, whole.ends.1] {
                assert_eq!(whole.read::<u64>(&number.to_string()), Ok(number));
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn no_text_leaves_a_range(text in "\\PC{0,12}|-?[0-9]{1,4}e?-?[0-9]{0,3}[ %a-zA-Z]{0,3}") {
            for range in limits::RANGES {
                if let Ok(value) = range.read(&text) {
                    let (least, most) = range.values();
                    prop_assert!((least..=most).contains(&value), "{} of {:?}", text, range);
                }
            }
            for whole in limits::WHOLES {
                if let Ok(value) = whole.read::<u64>(&text) {
                    prop_assert!((whole.ends.0..=whole.ends.1).contains(&value));
                }
            }
        }
    }
}
