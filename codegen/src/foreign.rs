//! Foreign cells and supply pins in text: the files to include, the nodes and parameters of an instance, the subcircuits
//! that give Verilog-A models their supply pins.

use crate::check::Refusal;
use crate::dialect::{Dialect, Head};
use crate::error::Error;
use crate::model::{behaviour_args, model_name};
use crate::text::{Lines, Text};
use memloom_ir::{Body, Design, Element, Foreign, FrameStore, Library};
use memloom_library::Wanted;
use std::path::Path;

/// What stands before all subcircuits: files of the user's, leaf models, and what wraps them.
///
/// # Errors
/// Those of the writer and of templates.
pub(crate) fn write_leaves(
    dialect: &dyn Dialect,
    text: &mut Text<'_>,
    design: &Design,
    stores: &[FrameStore],
    verilog_a: &'static str,
) -> Result<(), Error> {
    text.lines(&libraries(dialect, design)?)?;
    text.lines(&dialect.models(design, stores, verilog_a)?)?;
    if dialect.takes_verilog_a() { write_wrappers(dialect, text, design) } else { Ok(()) }
}

/// The file of `cell` that `dialect` reads.
fn library<'c>(dialect: &dyn Dialect, cell: &'c Foreign) -> Option<&'c Library> {
    dialect.reads().iter().find_map(|language| cell.library(*language))
}

/// The inclusion of each file that a foreign cell of `design` stands in.
fn libraries(dialect: &dyn Dialect, design: &Design) -> Result<Lines, Error> {
    let mut seen: Vec<&Library> = Vec::new();
    let mut lines = Lines::default();
    for (.., cell) in design.foreign.iter() {
        let Some(library) = library(dialect, cell) else { continue };
        if !seen.contains(&library) {
            seen.push(library);
            lines += dialect.syntax().library(library)?;
        }
    }
    Ok(lines)
}

/// A Verilog-A model has no supply pins: a subcircuit around it does.
fn write_wrappers(dialect: &dyn Dialect, text: &mut Text<'_>, design: &Design) -> Result<(), Error> {
    for (_, name, _) in design.op_amps.iter() {
        wrapper(dialect, text, design, name, &["inp", "inn", "out"], &[])?;
    }
    for (_, name, behaviour) in design.behaviours.iter() {
        let pins = [behaviour.function.inputs(), &["out", "v_ref"]].concat();
        wrapper(dialect, text, design, name, &pins, &behaviour_args(behaviour))?;
    }
    Ok(())
}

fn wrapper(
    dialect: &dyn Dialect,
    text: &mut Text<'_>,
    design: &Design,
    name: &str,
    own: &[&str],
    params: &[(&str, f64)],
) -> Result<(), Error> {
    let Some(body) = design.bodies.get(name).filter(|body| body.cell.is_none()) else { return Ok(()) };
    let pins: Vec<&str> = own.iter().copied().chain(body.supplies.iter().map(|s| s.pin.as_str())).collect();
    dialect
        .syntax()
        .begin(text, &Head { name, doc: "the model below with its supply pins", pins: &pins, params })?;
    let params: Vec<&str> = params.iter().map(|(param, _)| *param).collect();
    dialect.syntax().wrapped(text, "ml_model", own, &model_name(design, name), &params)?;
    dialect.syntax().finish(text, name)
}

/// How an instance of a leaf model is printed where a foreign cell is its body.
pub(crate) struct Call<'a> {
    pub(crate) cell: &'a Foreign,
    /// In the file's order.
    pub(crate) nodes: Vec<&'a str>,
    pub(crate) args: Vec<(&'a str, f64)>,
}

impl<'a> Call<'a> {
    /// `element`, whose pins are wired to `nodes`, as an instance of its body; `None` if that is memloom's own circuit.
    pub(crate) fn new(
        design: &'a Design,
        element: &Element,
        nodes: &[&'a str],
        args: &[(&'a str, f64)],
    ) -> Option<Self> {
        let body = design.body(element)?;
        let cell = body.cell.as_ref()?;
        let pins = element.pins(design);
        let at = |name: &str| pins.iter().position(|pin| pin.name.eq_ignore_ascii_case(name));
        let nodes = cell.pins.iter().filter_map(|pin| Some(nodes[at(&pin.name)?])).collect();
        Some(Self { cell, nodes, args: arguments(body, cell, args) })
    }
}

/// The body's own parameters, and those of the instance that the cell has.
fn arguments<'a>(body: &'a Body, cell: &Foreign, args: &[(&'a str, f64)]) -> Vec<(&'a str, f64)> {
    let known = |name: &str| cell.params.iter().any(|param| param.eq_ignore_ascii_case(name));
    let given = |name: &str| args.iter().any(|(other, _)| other.eq_ignore_ascii_case(name));
    let own = body.args.iter().map(|(name, value)| (name.as_str(), *value)).filter(|(name, _)| !given(name));
    own.chain(args.iter().copied().filter(|(name, _)| known(name))).collect()
}

/// A foreign cell is in a file of the dialect's language, as the design has it.
pub(crate) fn check(dialect: &dyn Dialect, cell: &Foreign) -> Result<(), Refusal> {
    let place = format!("foreign cell `{}`", cell.name);
    let Some(library) = library(dialect, cell) else {
        let language = dialect.reads()[0];
        let (name, key) = (dialect.name(), format!("{language:?}").to_lowercase());
        let what = match key.as_str() {
            "spice" => format!("has no file that {name} reads; give it a SPICE netlist, `file = \"..\"`"),
            key => {
                format!("has no file that {name} reads; give it one in {}, `{key} = \"..\"`", language.name())
            }
        };
        return Err((place, what));
    };
    let wanted = Wanted {
        path: Path::new(&library.path),
        shown: &library.path,
        language: library.language,
        section: library.section.as_deref(),
        kind: cell.kind,
        name: &cell.name,
        pins: cell.pins.iter().map(|pin| pin.name.as_str()).collect(),
        params: if cell.kind.is_model() {
            Vec::new()
        } else {
            cell.params.iter().map(String::as_str).collect()
        },
    };
    let told = |mistakes: Vec<memloom_library::Mistake>| {
        mistakes.into_iter().map(|mistake| mistake.message).collect::<Vec<_>>().join("; ")
    };
    let found = wanted.check().map_err(|mistakes| (place.clone(), told(mistakes)))?;
    let same = found.pins.iter().zip(&cell.pins).all(|(file, own)| file.eq_ignore_ascii_case(&own.name));
    if same || cell.kind.is_model() {
        return Ok(());
    }
    let what =
        format!("has its pins in the order `{}` in `{}`; give them so", found.pins.join(" "), library.path);
    Err((place, what))
}
