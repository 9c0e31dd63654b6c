//! Text for people inside a netlist or a model.

use super::visible::is_visible;
use std::fmt::{self, Write};

/// Longest comment, bytes as printed.
const LIMIT: usize = 1000;
/// Ends a comment that was longer.
const CUT: &str = " ..";

/// One line of a comment in any of the languages, from any text.
///
/// Control characters of any script are printed as `\u{..}`, and so is the backslash, which continues lines in SPICE
/// and VACASK: none is left. The rest of a line comment means nothing to ngspice (`*`), VACASK and Verilog-A (`//`). At
/// most 1000 bytes are printed, the rest is cut off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment(String);

impl Comment {
    /// The comment that says `text`.
    pub fn new(text: &str) -> Self {
        let mut line = String::with_capacity(text.len());
        for c in text.chars() {
            let before = line.len();
            if c != '\\' && is_visible(c) {
                line.push(c);
            } else {
                write!(line, "{}", c.escape_unicode()).expect("a string takes everything");
            }
            if line.len() > LIMIT {
                line.truncate(before);
                line.push_str(CUT);
                break;
            }
        }
        Self(line)
    }

    /// The comment that says `text`, with its white space as single spaces: of a docstring of several lines.
    pub fn folded(text: &str) -> Self {
        Self::new(&text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

impl fmt::Display for Comment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_comment_is_one_line() {
        let shown = |text: &str| Comment::new(text).to_string();
        assert_eq!(shown("net: cells"), "net: cells");
        assert_eq!(shown("a\n.control\r\nb\u{2028}\\"), "a\\u{a}.control\\u{d}\\u{a}b\\u{2028}\\u{5c}");
        assert_eq!(Comment::folded(" two\n  lines \n").to_string(), "two lines");
    }

    proptest! {
        #[test]
        fn any_text_gives_a_bounded_line(text in any::<String>(), times in 1usize..100) {
            let shown = Comment::new(&text.repeat(times)).to_string();
            prop_assert!(shown.len() <= LIMIT + CUT.len());
            prop_assert!(shown.chars().all(is_visible) && !shown.ends_with('\\'));
        }
    }
}
