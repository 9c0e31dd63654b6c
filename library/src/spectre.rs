//! Spectre's language, and VACASK's, which shares its subcircuits and sections.

use crate::contents::Parsed;
use crate::line::{pins_and_params, unquoted, words};
use crate::spice::Reader;

/// What a file declares at its top level. Statements are turned into the cards that say the same; a file may also
/// switch to cards by `simulator lang=spice`.
pub(crate) fn parse(text: &str) -> Parsed {
    let mut reader = Reader::default();
    // The subcircuit that is open and may yet declare parameters.
    let mut open: Option<usize> = None;
    for statement in statements(text) {
        let words = words(&statement);
        let words = words.strip_prefix(&["inline"]).unwrap_or(&words);
        match words {
            ["subckt", name, rest @ ..] => {
                let before = reader.parsed.contents.cells.len();
                reader.card(&format!(".subckt {name} {}", rest.join(" ")));
                open = (reader.parsed.contents.cells.len() > before).then_some(before);
            }
            ["parameters", rest @ ..] => {
                if let Some(cell) = open.and_then(|at| reader.parsed.contents.cells.get_mut(at)) {
                    cell.params.extend(pins_and_params(rest).1);
                }
            }
            ["ends", ..] => {
                reader.card(".ends");
                open = None;
            }
            ["model", name, ..] => reader.card(&format!(".model {name}")),
            ["include", path, "section", "=", section, ..] => {
                reader.card(&format!(".lib {path} {section}"));
            }
            ["include", path, ..] => reader.card(&format!(".include {path}")),
            ["section", "=", section] | ["section", section] => {
                reader.parsed.contents.sections.push(unquoted(section));
                reader.section = Some(unquoted(section));
            }
            ["endsection", ..] => reader.section = None,
            [card, ..] if card.starts_with('.') => reader.card(&statement),
            _ => {}
        }
    }
    reader.parsed
}

/// Statements, with continuation lines joined and comments left out.
fn statements(text: &str) -> Vec<String> {
    let mut statements: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        let line = line.split("//").next().unwrap_or(line).trim();
        if line.is_empty() || line.starts_with('*') {
            continue;
        }
        let (line, more) = match line.strip_suffix('\\') {
            Some(line) => (line, true),
            None => (line, false),
        };
        let continued = line.strip_prefix('+');
        match statements.last_mut() {
            Some(last) if goes_on || continued.is_some() => {
                last.push(' ');
                last.push_str(continued.unwrap_or(line));
            }
            _ => statements.push(line.into()),
        }
        goes_on = more;
    }
    statements
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subcircuits_and_sections() {
        let text = "simulator lang=spectre\nlibrary corners\nsection tt\ninline subckt nfet (d g \\\n  s b)\n\
                    parameters w=1u l=0.18u // of the channel\nparameters m=1\nmodel inner bsim4\nends nfet\nendsection tt\n\
                    endlibrary\ninclude \"more.scs\" section=ff\nmodel nch mos1 type=n\n";
        let Parsed { contents, inclusions } = parse(text);
        let nfet = &contents.cells[0];
        assert_eq!((nfet.name.as_str(), nfet.section.as_deref()), ("nfet", Some("tt")));
        assert_eq!((nfet.pins.join(" "), nfet.params.join(" ")), ("d g s b".into(), "w l m".into()));
        assert_eq!((contents.cells[1].name.as_str(), contents.cells[1].is_model), ("nch", true));
        assert_eq!(contents.sections, ["tt"]);
        assert_eq!((inclusions[0].path.as_str(), inclusions[0].section.as_deref()), ("more.scs", Some("ff")));
    }
}
