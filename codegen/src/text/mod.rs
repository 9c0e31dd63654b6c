//! Text of netlists and models: a writer of lines that wraps them at a limit, and what it may be given.
//!
//! What others wrote (names of files, of tensors, of a library's user) becomes a [`Comment`], a [`Name`] or an
//! [`IncludePath`] first. The writer and the templates take no string that is not of the program itself, so that none
//! can be placed unescaped.

mod comment;
mod lines;
mod name;
mod visible;
mod word;

pub use comment::Comment;
pub use lines::Lines;
pub use name::{IncludePath, Name};
pub use visible::{visible, visible_json, visible_lines};
pub use word::Word;

use crate::error::Error;
use crate::number::Number;
use std::io::{self, Write};

/// How a dialect goes on with a statement on the next line.
#[derive(Debug, Clone, Copy)]
pub struct Wrap {
    /// Longest line, bytes.
    pub limit: usize,
    /// What stands between the two lines: `"\n+ "` in SPICE.
    pub join: &'static str,
}

/// Writes statements word by word. A line that would grow over the limit goes on in the next one, and a
/// continuation always carries at least one word.
pub struct Text<'w> {
    out: &'w mut dyn Write,
    wrap: Wrap,
    column: usize,
    word: Vec<u8>,
}

impl<'w> Text<'w> {
    /// Writes to `out`, which should be buffered.
    pub fn new(out: &'w mut dyn Write, wrap: Wrap) -> Self {
        Self { out, wrap, column: 0, word: Vec::new() }
    }

    /// Adds a word to the statement.
    ///
    /// A string from elsewhere is no word:
    ///
    /// ```compile_fail,E0521
    /// # use memloom_codegen::Text;
    /// fn place(text: &mut Text<'_>, stranger: &str) {
    ///     let _ = text.word(stranger);
    /// }
    /// ```
    ///
    /// # Errors
    /// Those of the writer.
    pub fn word(&mut self, word: impl Word) -> io::Result<()> {
        self.word.clear();
        word.put(&mut self.word);
        self.flush_word()
    }

    /// Adds a word for each of `names`.
    ///
    /// # Errors
    /// Those of the writer; [`Error::Unplaceable`] for what is no name.
    pub fn names(&mut self, names: &[&str]) -> Result<(), Error> {
        names.iter().try_for_each(|name| Ok(self.word(Name::new(name)?)?))
    }

    /// Adds `name=value` for each of `pairs`.
    ///
    /// # Errors
    /// Those of the writer; [`Error::Unplaceable`] for what is no name.
    pub fn pairs(&mut self, pairs: &[(&str, f64)]) -> Result<(), Error> {
        pairs.iter().try_for_each(|(name, value)| Ok(self.word((Name::new(name)?, "=", Number(*value)))?))
    }

    /// Writes a comment of one line that says `doc`, if that says anything.
    ///
    /// # Errors
    /// Those of the writer.
    pub(crate) fn comment(&mut self, start: &'static str, doc: &str) -> io::Result<()> {
        if doc.trim().is_empty() {
            return Ok(());
        }
        let mut line = Lines::default();
        line.line((start, Comment::folded(doc)));
        self.lines(&line)
    }

    /// Ends the statement.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn end(&mut self) -> io::Result<()> {
        self.column = 0;
        self.out.write_all(b"\n")
    }

    /// Writes whole lines as they are, between statements.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn lines(&mut self, lines: &Lines) -> io::Result<()> {
        debug_assert_eq!(self.column, 0, "inside a statement");
        let lines = lines.as_str();
        self.out.write_all(lines.as_bytes())?;
        if lines.is_empty() || lines.ends_with('\n') { Ok(()) } else { self.out.write_all(b"\n") }
    }

    /// The writer below, between statements.
    pub(crate) fn raw(&mut self) -> &mut dyn Write {
        self.out
    }

    fn flush_word(&mut self) -> io::Result<()> {
        if self.column > 0 && self.column + 1 + self.word.len() > self.wrap.limit {
            self.out.write_all(self.wrap.join.as_bytes())?;
            // The part of `join` after its newline.
            self.column = self.wrap.join.rsplit('\n').next().map_or(0, str::len);
        } else if self.column > 0 {
            self.out.write_all(b" ")?;
            self.column += 1;
        }
        self.column += self.word.len();
        self.out.write_all(&self.word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(limit: usize, words: &[&'static str]) -> String {
        let mut out = Vec::new();
        let mut text = Text::new(&mut out, Wrap { limit, join: "\n+ " });
        words.iter().for_each(|word| text.word(*word).unwrap());
        text.end().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn wraps_at_the_limit_and_leaves_no_empty_line() {
        assert_eq!(wrapped(9, &["abc", "def", "ghi", "jkl"]), "abc def\n+ ghi jkl\n");
        assert_eq!(wrapped(7, &["abc", "def"]), "abc def\n");
        assert_eq!(wrapped(3, &["abcdef", "g"]), "abcdef\n+ g\n");
    }
}
