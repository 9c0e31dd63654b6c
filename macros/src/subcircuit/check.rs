//! Rules of a foreign cell: it is in its file, with these pins and parameters.

use super::{Subcircuit, place};
use crate::ctxt::Ctxt;
use memloom_library::{About, Cell, Kind, Language, Wanted};
use proc_macro2::{Ident, Span};
use syn::LitStr;
use syn::ext::IdentExt;

pub(super) fn check(cx: &Ctxt, cell: &Subcircuit) {
    names_are_plain(cx, cell);
    pins_are_named_once(cx, cell);
    if !cx.failed() {
        let files = cell.files.iter().filter_map(|(language, file)| in_file(cx, cell, *language, file));
        same_in_every_file(cx, cell, &files.collect::<Vec<_>>());
    }
}

/// The cell as the first of its files has it: pins in order, all parameters.
pub(super) fn as_written(cell: &Subcircuit) -> Option<Cell> {
    let (language, file) = cell.files.first()?;
    let place = place::find(file)?;
    let (pins, params) = (names(cell.pins()), names(cell.params.iter().map(|param| &param.name)));
    wanted(cell, &place.path, &file.value(), *language, (&pins, &params), |wanted| wanted.check().ok())
}

/// The name is called in netlists as it is: letters, digits and `_`.
fn names_are_plain(cx: &Ctxt, cell: &Subcircuit) {
    let name = cell.name.value();
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        cx.error(
            cell.name.span(),
            format!("`{name}` is not a name of a subcircuit; write letters, digits and `_`"),
        );
    }
}

/// A pin is a port or a supply, once. SPICE folds case.
fn pins_are_named_once(cx: &Ctxt, cell: &Subcircuit) {
    let mut seen: Vec<String> = Vec::new();
    for pin in cell.pins() {
        let folded = pin.unraw().to_string().to_ascii_lowercase();
        if seen.contains(&folded) {
            cx.error(pin.span(), format!("the pin `{pin}` is given twice; remove one"));
        }
        seen.push(folded);
    }
}

/// The file is there, and has the cell as declared.
fn in_file(cx: &Ctxt, cell: &Subcircuit, language: Language, file: &LitStr) -> Option<Cell> {
    let shown = file.value();
    let Some(place) = place::find(file) else {
        let message = format!(
            "there is no file `{shown}` in the crate's folder, nor beside this source file; write its path from one of them"
        );
        cx.error(file.span(), message);
        return None;
    };
    let (pins, params) = (names(cell.pins()), names(cell.params.iter().map(|param| &param.name)));
    let found = wanted(cell, &place.path, &shown, language, (&pins, &params), |wanted| wanted.check());
    let mistakes = found.map_err(|mistakes| {
        for mistake in mistakes {
            cx.error(span(cell, file, mistake.about), mistake.message);
        }
    });
    mistakes.ok()
}

fn wanted<T>(
    cell: &Subcircuit,
    path: &std::path::Path,
    shown: &str,
    language: Language,
    (pins, params): (&[String], &[String]),
    then: impl FnOnce(&Wanted<'_>) -> T,
) -> T {
    let (section, name) = (cell.section.as_ref().map(LitStr::value), cell.name.value());
    then(&Wanted {
        path,
        shown,
        language,
        section: section.as_deref(),
        kind: Kind::Subckt,
        name: &name,
        pins: pins.iter().map(String::as_str).collect(),
        params: params.iter().map(String::as_str).collect(),
    })
}

/// Files of several languages have the pins in one order: the netlists differ in nothing else.
fn same_in_every_file(cx: &Ctxt, cell: &Subcircuit, found: &[Cell]) {
    let Some((first, others)) = found.split_first() else { return };
    let folded = |cell: &Cell| cell.pins.iter().map(|pin| pin.to_ascii_lowercase()).collect::<Vec<_>>();
    for (other, (_, file)) in others.iter().zip(cell.files.iter().skip(1)) {
        if folded(other) != folded(first) {
            let message = format!(
                "`{}` has its pins in another order here, `{}`; give all files the order `{}`",
                first.name,
                other.pins.join(" "),
                first.pins.join(" ")
            );
            cx.error(file.span(), message);
        }
    }
}

/// The user's token that a mistake is about.
fn span(cell: &Subcircuit, file: &LitStr, about: About) -> Span {
    match about {
        About::File => file.span(),
        About::Section => cell.section.as_ref().map_or(cell.name.span(), LitStr::span),
        About::Name => cell.name.span(),
        About::Pins => cell.ports_at,
        About::Pin(at) => cell.pins().nth(at).map_or(cell.ports_at, Ident::span),
        About::Param(at) => cell.params.get(at).map_or(cell.name.span(), |param| param.name.span()),
    }
}

fn names<'a>(idents: impl Iterator<Item = &'a Ident>) -> Vec<String> {
    idents.map(|ident| ident.unraw().to_string()).collect()
}

impl Subcircuit {
    /// All pins: ports, then supplies.
    pub(super) fn pins(&self) -> impl Iterator<Item = &Ident> {
        self.ports.iter().map(|port| &port.name).chain(self.supplies.iter().map(|supply| &supply.pin))
    }
}
