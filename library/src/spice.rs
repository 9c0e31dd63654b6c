//! SPICE cards.

use crate::contents::{Cell, Inclusion, Parsed};
use crate::line::{pins_and_params, unquoted, words};

/// What a file of SPICE cards declares at its top level.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut reader = Reader::default();
    cards(text).iter().for_each(|card| reader.card(card));
    reader.parsed
}

/// Reads card by card.
#[derive(Default)]
pub(crate) struct Reader {
    pub(crate) parsed: Parsed,
    pub(crate) section: Option<String>,
    /// Subcircuits that are open: what is declared in one is its own.
    depth: usize,
}

impl Reader {
    /// Takes in one card, its continuations joined.
    pub(crate) fn card(&mut self, card: &str) {
        let words = words(card);
        let Some((keyword, rest)) = words.split_first() else { return };
        match (keyword.to_ascii_lowercase().as_str(), rest) {
            (".subckt", [name, rest @ ..]) => {
                let (pins, params) = pins_and_params(rest);
                self.cell(name, false, pins, params);
                self.depth += 1;
            }
            (".ends", _) => self.depth = self.depth.saturating_sub(1),
            (".model", [name, ..]) => self.cell(name, true, Vec::new(), Vec::new()),
            (".include" | ".inc", [path, ..]) => self.include(path, None),
            (".lib", [path, section, ..]) => self.include(path, Some(unquoted(section))),
            (".lib", [section]) => {
                self.parsed.contents.sections.push(unquoted(section));
                self.section = Some(unquoted(section));
            }
            (".endl", _) => self.section = None,
            _ => {}
        }
    }

    fn cell(&mut self, name: &str, is_model: bool, pins: Vec<String>, params: Vec<String>) {
        if self.depth == 0 {
            let section = self.section.clone();
            self.parsed.contents.cells.push(Cell { name: name.into(), is_model, pins, params, section });
        }
    }

    fn include(&mut self, path: &str, section: Option<String>) {
        let within = self.section.clone();
        self.parsed.inclusions.push(Inclusion { path: unquoted(path), section, within });
    }
}

/// Statements, with continuation lines joined and comments left out.
fn cards(text: &str) -> Vec<String> {
    let mut cards: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = without_comment(line).trim();
        match (line.strip_prefix('+'), cards.last_mut()) {
            _ if line.is_empty() || line.starts_with('*') => {}
            (Some(more), Some(last)) => {
                last.push(' ');
                last.push_str(more);
            }
            _ => cards.push(line.into()),
        }
    }
    cards
}

/// A line up to `;`, or to a `$` or `//` that starts a word.
fn without_comment(line: &str) -> &str {
    let starts = |at: usize| line[..at].chars().next_back().is_none_or(char::is_whitespace);
    let mut marks = line.char_indices().filter(|(at, c)| match c {
        ';' => true,
        '$' => starts(*at),
        '/' => starts(*at) && line[*at..].starts_with("//"),
        _ => false,
    });
    marks.next().map_or(line, |(at, _)| &line[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::Contents;

    fn cell(name: &str, pins: &[&str], params: &[&str], section: Option<&str>) -> Cell {
        let owned = |words: &[&str]| words.iter().map(ToString::to_string).collect();
        let (name, section) = (name.into(), section.map(Into::into));
        Cell { name, is_model: false, pins: owned(pins), params: owned(params), section }
    }

    #[test]
    fn subcircuits_with_their_pins_and_parameters() {
        let text = "* an amplifier\n.SUBCKT ota inp inn ; inputs\n* between\n+ out vdd vss $ rest\n+ params: w = 1u l={2 * w} m='a b=c'\n\
                    .subckt inner a\n.ends\n.model nch nmos(level=1 vto=0.5)\n.ends ota\n.model nch nmos level=1\n";
        let Contents { cells, sections } = parse(text).contents;
        let model = Cell { is_model: true, ..cell("nch", &[], &[], None) };
        assert_eq!(cells, [cell("ota", &["inp", "inn", "out", "vdd", "vss"], &["w", "l", "m"], None), model]);
        assert!(sections.is_empty());
    }

    #[test]
    fn sections_and_inclusions() {
        let text = ".lib tt\n.subckt a p\n.ends\n.include 'common.sp'\n.endl tt\n.lib \"ff.lib\" ff\n.subckt b p\n.ends";
        let Parsed { contents, inclusions } = parse(text);
        assert_eq!(contents.cells, [cell("a", &["p"], &[], Some("tt")), cell("b", &["p"], &[], None)]);
        assert_eq!(contents.sections, ["tt"]);
        let inclusion = |path: &str, section: Option<&str>, within: Option<&str>| Inclusion {
            path: path.into(),
            section: section.map(Into::into),
            within: within.map(Into::into),
        };
        assert_eq!(
            inclusions,
            [inclusion("common.sp", None, Some("tt")), inclusion("ff.lib", Some("ff"), None)]
        );
    }
}
