//! Names and paths that stand in text as they are.

use super::visible::visible;
use crate::error::Error;
use std::fmt;

/// A word that is one name in every language: letters of ASCII, digits, `_`. What a dialect takes for a user's name is
/// narrower, see [`crate::NameRules`]; this is what cannot be anything but a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Name<'n>(&'n str);

impl<'n> Name<'n> {
    /// `text` as a name.
    ///
    /// # Errors
    /// [`Error::Unplaceable`] if it holds anything else or nothing.
    pub fn new(text: &'n str) -> Result<Self, Error> {
        if !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Ok(Self(text));
        }
        Err(Error::Unplaceable {
            what: "a name",
            text: visible(text).into_owned(),
            instead: "letters, digits and `_`",
        })
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// The path of a file that a netlist includes: it can stand between double quotes in every dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IncludePath<'p>(&'p str);

impl<'p> IncludePath<'p> {
    /// What ends or changes a quoted path in ngspice or VACASK.
    const SPECIAL: [char; 9] = ['"', '\'', '\\', '$', '`', ';', '{', '}', '~'];

    /// `text` as a path.
    ///
    /// # Errors
    /// [`Error::Unplaceable`] if it is empty or holds control characters, quotes, or what a shell would expand.
    pub fn new(text: &'p str) -> Result<Self, Error> {
        let visible_text = visible(text);
        if !text.is_empty() && visible_text == text && !text.contains(Self::SPECIAL) {
            return Ok(Self(text));
        }
        Err(Error::Unplaceable {
            what: "the path of an included file",
            text: visible_text.into_owned(),
            instead: "a path without control characters, quotes and any of `\\ $ ; { } ~`",
        })
    }
}

impl fmt::Display for IncludePath<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_names() {
        for good in ["x", "0", "ml_store_3x3_k3", "_"] {
            assert_eq!(Name::new(good).unwrap().to_string(), good);
        }
        for bad in ["", "a b", "a\n.control", "x=1", "a.b", "ä", "a\u{202e}"] {
            assert!(Name::new(bad).is_err(), "{bad:?}");
        }
        let error = Name::new("a\u{1b}b").unwrap_err().to_string();
        assert!(error.starts_with("`a\\u{1b}b` cannot be a name in a netlist; use letters"), "{error}");
    }

    #[test]
    fn a_path_ends_where_its_quotes_do() {
        for good in ["../spice/ngspice/cells.cir", "/tmp/with space/ä.sim"] {
            assert_eq!(IncludePath::new(good).unwrap().to_string(), good);
        }
        for bad in ["", "a\"b", "a\nb", "a\\", "$HOME/a", "~/a", "`id`", "a;b", "{a}", "a\u{2028}b"] {
            assert!(IncludePath::new(bad).is_err(), "{bad:?}");
        }
    }
}
