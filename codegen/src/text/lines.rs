//! Whole lines of text.

use super::word::Word;
use std::ops::AddAssign;

/// Whole lines of a netlist or model, made of memloom's own text and of what was checked or escaped on its way in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(String);

impl Lines {
    /// What a template gave.
    pub(crate) fn rendered(text: String) -> Self {
        Self(text)
    }

    /// Appends `word` as a line of its own.
    pub(crate) fn line(&mut self, word: impl Word) {
        let mut line = Vec::new();
        word.put(&mut line);
        self.0 += &String::from_utf8_lossy(&line);
        self.0.push('\n');
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl From<&'static str> for Lines {
    fn from(own: &'static str) -> Self {
        Self(own.to_owned())
    }
}

impl AddAssign for Lines {
    fn add_assign(&mut self, more: Self) {
        self.0 += &more.0;
    }
}
