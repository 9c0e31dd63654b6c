//! `docs/devices.md`: every model with its sources, terms, states, parameters, sets and loops. Made from the tables, so it
//! cannot go stale; `MEMLOOM_BLESS=1` rewrites it.

use memloom_devices::smooth::{EDGE, KNEE, LIMIT, SIGN};
use memloom_devices::{Device, Spec};
use pretty_assertions::assert_eq;
use std::fmt::Write;

const HEAD: &str = include_str!("page/head.md");
const TAIL: &str = include_str!("page/tail.md");
/// Measured by `sim/tests/devices/many.rs`.
const COST: &str = include_str!("page/cost.md");

fn page() -> String {
    let mut page = HEAD.to_owned();
    let [edge, knee, sign] = [EDGE, KNEE, SIGN].map(|zone| format!("{zone}"));
    write!(
        page,
        "\nWhere a paper's equation has no derivative it gives way to a cosine: over {edge} of a state's range at its bounds, \
         {knee} of a threshold above it, {sign} V of either sign about 0 V. `exp` and `sinh` go on straight beyond an \
         argument of {LIMIT}.\n\n| model | | states | sets |\n| --- | --- | --- | --- |\n"
    )
    .unwrap();
    for spec in Device::SPECS {
        let states = words(spec.states.iter().map(|state| state.name));
        let sets = words(spec.sets.iter().map(|set| set.name));
        writeln!(page, "| [`{0}`](#{0}) | {1} | {states} | {sets} |", spec.name, spec.title).unwrap();
    }
    Device::SPECS.iter().for_each(|spec| chapter(&mut page, spec));
    page + "\n" + TAIL + COST
}

fn words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn chapter(page: &mut String, spec: &Spec) {
    write!(page, "\n## {}\n\n{}.\n\n", spec.name, spec.title).unwrap();
    writeln!(page, "- Source: {}.\n- Licence: {}.", spec.source, spec.licence).unwrap();
    let bounds = spec.sets[0].device.bounds();
    for (at, (state, (low, high))) in spec.states.iter().zip(bounds).enumerate() {
        let unit = if state.unit.is_empty() { String::new() } else { format!(" {}", state.unit) };
        // Those of the others are what a simulator could see, not what a device does.
        let is_told = at == 0 && low.is_finite();
        let bounds = if is_told { format!(", {low} to {high}{unit}") } else { unit };
        writeln!(page, "- State `{}`: {}{bounds}.", state.name, state.about).unwrap();
    }
    for set in spec.sets {
        writeln!(page, "- Set `{}`: {}.", set.name, set.source).unwrap();
    }
    parameters(page, spec);
    page.push('\n');
    for set in spec.sets {
        let (model, set) = (spec.name, set.name);
        writeln!(page, "![loop of {model} {set}](devices/{model}_{set}.svg)").unwrap();
    }
}

fn parameters(page: &mut String, spec: &Spec) {
    let heads: String = spec.sets.iter().map(|set| format!(" `{}` |", set.name)).collect();
    let rules = " --- |".repeat(spec.sets.len());
    write!(page, "\n| parameter | | from .. to |{heads}\n| --- | --- | --- |{rules}\n").unwrap();
    for (at, parameter) in spec.parameters.iter().enumerate() {
        let cell = |value: f64| format!(" {} |", parameter.show(value));
        let values: String = spec.sets.iter().map(|set| cell(set.device.values()[at])).collect();
        writeln!(page, "| `{}` | {} | {} |{values}", parameter.name, parameter.about, parameter.range())
            .unwrap();
    }
}

#[test]
fn the_page_is_that_of_the_tables() {
    let (path, page) = ("../docs/devices.md", page());
    if std::env::var_os("MEMLOOM_BLESS").is_some() {
        std::fs::write(path, &page).expect("the page is written");
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(kept, page, "run with MEMLOOM_BLESS=1 to rewrite docs/devices.md");
}
