//! Text of strangers as people may see it: nothing that moves a cursor, ends a line or turns the reading direction.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether `c` is seen as itself: not a control or format character of any script, no separator but the space, no
/// character that Unicode leaves without a glyph.
pub(crate) fn is_visible(c: char) -> bool {
    if c.is_ascii() {
        return c == ' ' || c.is_ascii_graphic();
    }
    // The standard library knows what is printable. Behind a letter, so that a mark that combines counts too.
    let mut behind_a_letter = [b'x'; 5];
    let end = 1 + c.encode_utf8(&mut behind_a_letter[1..]).len();
    std::str::from_utf8(&behind_a_letter[..end]).is_ok_and(|text| text.escape_debug().count() == 2)
}

/// `text` on one line, with `\u{..}` for every control character of any script: C0 and C1 codes, line and paragraph
/// separators, bidi marks, zero-width characters. What is printable stays.
///
/// ```
/// # use memloom_codegen::visible;
/// assert_eq!(visible("Käse\u{1b}[31m\n"), "Käse\\u{1b}[31m\\u{a}");
/// ```
pub fn visible(text: &str) -> Cow<'_, str> {
    replaced(text, is_visible, |out, c| write!(out, "{}", c.escape_unicode()))
}

/// As [`visible`], but newlines and tabs stay: for a text that has a layout of its own.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    let stays = |c| matches!(c, '\n' | '\t') || is_visible(c);
    replaced(text, stays, |out, c| write!(out, "{}", c.escape_unicode()))
}

/// A JSON text, as serde writes it, with `\uXXXX` for every control character in its strings that JSON allows to stand
/// as it is: DEL, C1 codes, line separators, bidi marks. It stays the same JSON.
pub fn visible_json(json: &str) -> Cow<'_, str> {
    let stays = |c| c == '\n' || is_visible(c);
    replaced(json, stays, |out, c| {
        let mut units = [0; 2];
        c.encode_utf16(&mut units).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))
    })
}

fn replaced(
    text: &str,
    stays: impl Fn(char) -> bool,
    escape: impl Fn(&mut String, char) -> std::fmt::Result,
) -> Cow<'_, str> {
    let Some(first) = text.find(|c| !stays(c)) else { return text.into() };
    let (plain, rest) = text.split_at(first);
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(plain);
    for c in rest.chars() {
        if stays(c) {
            out.push(c);
        } else {
            escape(&mut out, c).expect("a string takes everything");
        }
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_glyph_is_shown_by_its_number() {
        for c in ('\0'..' ').chain("\u{7f}\u{85}\u{9b}\u{ad}\u{200b}\u{200e}\u{2028}\u{2029}\u{202e}".chars())
        {
            assert_eq!(visible(&format!("a{c}b")), format!("a\\u{{{:x}}}b", u32::from(c)));
        }
        for c in "\u{2066}\u{feff}\u{61c}\u{e0001}\u{180e}\u{2060}".chars() {
            assert!(!is_visible(c), "{c:?}");
        }
        for text in ["plain \"'\\", "Käse", "e\u{301}", "日本語", "हिन्दी", "שלום", "🦀"]
        {
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible_lines("a\n\tb\r\u{1b}"), "a\n\tb\\u{d}\\u{1b}");
    }

    #[test]
    fn json_stays_the_same_json() {
        let name = "\u{1}\u{7f}\u{85}\u{2028}\u{202e}\u{e0001}\"\\ä\n";
        let text = serde_json::to_string_pretty(&vec![name]).unwrap();
        let escaped = visible_json(&text);
        assert!(escaped.chars().all(|c| c == '\n' || is_visible(c)), "{escaped}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&escaped).unwrap(), [name]);
    }
}
