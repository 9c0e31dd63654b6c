//! `docs/devices.md`: every model with its sources, terms, states, parameters, sets and loops. Made from the tables, so it
//! cannot go stale; `MEMLOOM_BLESS=1` rewrites it.

use memloom_devices::smooth::{EDGE, KNEE, LIMIT, SIGN};
use memloom_devices::{Device, Spec};
use pretty_assertions::assert_eq;
use std::fmt::Write;

const HEAD: &str = "# Memristor models

Made from the tables of `devices/` by `devices/tests/page.rs`.

A cell's model is chosen by name, with a published set of parameters and values of one's own:

```rust,ignore
#[memristor(g_min = 5 uS, g_max = 500 uS, v_read = 0.2 V, model = vteam(set = magic, v_on = -1.2 V))]
struct Cell;
```

Without `model` a cell is `vteam`. Without `set` a model takes the first of its sets; one with two resistances has them at
`1/g_max` and `1/g_min`, unless one of them is given. With `set` the device is the published one, and a range that it does
not conduct in at `v_read` does not compile.

Each model is one set of equations in three languages: Rust (`memloom::device`), a Verilog-A module for OpenVAF, and a
subcircuit for ngspice without OSDI. All three are run against each other and against the papers' values by
`cargo test -p memloom-sim --test devices`. A state is an internal node, scaled to the order of 1, and an instance starts
at its parameters `<state>_0`; `Device::state_for` finds them for a conductance at the read voltage. No model conducts at
0 V.
";

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
    page
}

fn words<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn chapter(page: &mut String, spec: &Spec) {
    write!(page, "\n## {}\n\n{}.\n\n", spec.name, spec.title).unwrap();
    writeln!(page, "- Source: {}.\n- Licence: {}.", spec.source, spec.licence).unwrap();
    for (state, (low, high)) in spec.states.iter().zip(spec.sets[0].device.bounds()) {
        let unit = if state.unit.is_empty() { String::new() } else { format!(" {}", state.unit) };
        let bounds = if low.is_finite() { format!(", {low} to {high}{unit}") } else { unit };
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
