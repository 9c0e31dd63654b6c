//! Whether a library holds what a declaration says.

use crate::contents::{Cell, Contents, Kind, Language};
use crate::nearest::{list, nearest};
use std::path::Path;

/// What a declaration says of a cell in a library.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The file.
    pub path: &'a Path,
    /// The file as the user wrote it, for messages.
    pub shown: &'a str,
    /// Its language.
    pub language: Language,
    /// The section of the library.
    pub section: Option<&'a str>,
    /// What the cell is.
    pub kind: Kind,
    /// The cell's name.
    pub name: &'a str,
    /// Its pins, in any order.
    pub pins: Vec<&'a str>,
    /// Parameters that are set.
    pub params: Vec<&'a str>,
}

/// What a mistake is about, for the place that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The file.
    File,
    /// The section.
    Section,
    /// The name.
    Name,
    /// The pins as a whole.
    Pins,
    /// The pin of this position in [`Wanted::pins`].
    Pin(usize),
    /// The parameter of this position in [`Wanted::params`].
    Param(usize),
}

/// Where library and declaration differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// About what.
    pub about: About,
    /// What is wrong and what to write instead.
    pub message: String,
}

impl Wanted<'_> {
    /// The cell as the file has it.
    ///
    /// # Errors
    /// Every difference at once, or why the file cannot be read.
    pub fn check(&self) -> Result<Cell, Vec<Mistake>> {
        let contents = Contents::read(self.path, self.language)
            .map_err(|error| vec![mistake(About::File, error.to_string())])?;
        let cell = self.find(&contents).map_err(|mistake| vec![mistake])?;
        let mut mistakes = Vec::new();
        if !self.kind.is_model() {
            self.compare_pins(cell, &mut mistakes);
            self.compare_params(cell, &mut mistakes);
        }
        if mistakes.is_empty() { Ok(cell.clone()) } else { Err(mistakes) }
    }

    fn find<'c>(&self, contents: &'c Contents) -> Result<&'c Cell, Mistake> {
        let Self { shown, name, section, language, .. } = *self;
        let statement = self.kind.statement(language);
        if let Some(section) = section
            && !contents.sections.iter().any(|known| known == section)
        {
            let sections = contents.sections.iter().map(String::as_str);
            return Err(mistake(
                About::Section,
                match nearest(section, sections.clone()) {
                    _ if contents.sections.is_empty() => {
                        format!("`{shown}` has no sections; leave `library = \"{section}\"` out")
                    }
                    Some(right) => format!("`{shown}` has no section `{section}`; did you mean `{right}`?"),
                    None => {
                        format!("`{shown}` has no section `{section}`; its sections are {}", list(sections))
                    }
                },
            ));
        }
        let of_kind = |cell: &&Cell| cell.is_model == self.kind.is_model();
        // What stands outside all sections goes with each of them only where the file is included whole.
        let here = || contents.cells.iter().filter(of_kind).filter(|cell| cell.section.as_deref() == section);
        if let Some(cell) = here().find(|cell| cell.name == name) {
            return Ok(cell);
        }
        let elsewhere = contents.cells.iter().filter(of_kind).find(|cell| cell.name == name);
        if let Some(section) = elsewhere.and_then(|cell| cell.section.as_deref()) {
            let message = format!(
                "`{name}` stands in section `{section}` of `{shown}`; write `library = \"{section}\"`"
            );
            return Err(mistake(About::Name, message));
        }
        if elsewhere.is_some() {
            let message = format!("`{name}` stands outside the sections of `{shown}`; leave `library` out");
            return Err(mistake(About::Section, message));
        }
        let names = || here().map(|cell| cell.name.as_str());
        Err(mistake(
            About::Name,
            match nearest(name, names()) {
                Some(right) => format!("`{shown}` has no `{statement} {name}`; did you mean `{right}`?"),
                None if names().next().is_none() => {
                    format!("`{shown}` has no `{statement} {name}`, nor any other; give the file that has it")
                }
                None => format!("`{shown}` has no `{statement} {name}`; it has {}", list(names())),
            },
        ))
    }

    fn compare_pins(&self, cell: &Cell, mistakes: &mut Vec<Mistake>) {
        let Self { name, shown, .. } = self;
        let known = || cell.pins.iter().map(String::as_str);
        let declared = |pin: &str| self.pins.iter().any(|other| other.eq_ignore_ascii_case(pin));
        let missing: Vec<&str> = known().filter(|pin| !declared(pin)).collect();
        for (at, pin) in self.pins.iter().enumerate() {
            if known().any(|known| known.eq_ignore_ascii_case(pin)) {
                continue;
            }
            let hint = match nearest(pin, missing.iter().copied()) {
                Some(right) => format!("did you mean `{right}`?"),
                None => format!("its pins are {}", list(known())),
            };
            mistakes
                .push(mistake(About::Pin(at), format!("`{name}` of `{shown}` has no pin `{pin}`; {hint}")));
        }
        // A misspelled pin is missing too, and told of already.
        if mistakes.is_empty() && !missing.is_empty() {
            let (count, given) = (cell.pins.len(), self.pins.len());
            let message = format!(
                "`{name}` of `{shown}` has {count} pins, {given} are declared; add {} to `ports` or `supplies`",
                list(missing)
            );
            mistakes.push(mistake(About::Pins, message));
        }
    }

    fn compare_params(&self, cell: &Cell, mistakes: &mut Vec<Mistake>) {
        let Self { name, shown, .. } = self;
        let known = || cell.params.iter().map(String::as_str);
        for (at, param) in self.params.iter().enumerate() {
            if known().any(|known| known.eq_ignore_ascii_case(param)) {
                continue;
            }
            let hint = match nearest(param, known()) {
                Some(right) => format!("did you mean `{right}`?"),
                None if cell.params.is_empty() => "it has none; leave it out".into(),
                None => format!("its parameters are {}", list(known())),
            };
            let message = format!("`{name}` of `{shown}` has no parameter `{param}`; {hint}");
            mistakes.push(mistake(About::Param(at), message));
        }
    }
}

fn mistake(about: About, message: String) -> Mistake {
    Mistake { about, message }
}
