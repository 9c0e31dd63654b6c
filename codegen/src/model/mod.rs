//! Leaf models: Verilog-A files, the twins of them as ngspice subcircuits, and VACASK's model lines.
//!
//! A Verilog-A module is generic in its parameters; a type of the design is a VACASK `model` of it, or an ngspice
//! subcircuit whose parameters default to the type's values.

mod device;

pub use device::{device_parameters, device_twin, device_verilog_a, start_arguments};

use crate::error::Error;
use crate::number::number;
use crate::store::{SAMPLE_HOLD, SWITCH};
use crate::template::render;
use memloom::device::Spec;
use memloom::functions::{self, Activation, Voice};
use memloom::ir::{Behaviour, Design, Element, Function, OpAmp, Own};
use minijinja::{Value, context};
use std::collections::BTreeMap;

/// A Verilog-A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerilogA {
    /// File name: `op_amp.va`.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// The Verilog-A files that `design` needs.
///
/// # Errors
/// [`Error::Template`].
pub fn verilog_a(design: &Design) -> Result<Vec<VerilogA>, Error> {
    let mut instances = design.modules.iter().flat_map(|(.., module)| module.instances.iter());
    verilog_a_of(design, instances.any(|(.., i)| matches!(i.element, Element::Store(_))))
}

/// The Verilog-A files of `design`'s leaf types, and of frame memories if it `has_store`.
pub(crate) fn verilog_a_of(design: &Design, has_store: bool) -> Result<Vec<VerilogA>, Error> {
    let file = |name: &&'static str| {
        let text = match own(design).find(|own| own.text_name == *name) {
            // A block without a Verilog-A body has no file; the dialect that needs one refuses it.
            Some(own) if own.verilog_a.is_none() => return None,
            Some(own) => own_verilog_a(own),
            None => source(name),
        };
        Some(text.map(|text| VerilogA { name: format!("{name}.va"), text }))
    };
    files(design, has_store).iter().filter_map(file).collect()
}

/// Names of the Verilog-A files that a design needs, in a fixed order.
fn files(design: &Design, has_store: bool) -> Vec<&'static str> {
    let has = |function| design.behaviours.iter().any(|(.., b)| b.function == function);
    let mut files = Vec::new();
    files.extend(device::models(design).into_iter().map(|spec| spec.name));
    files.extend((!design.op_amps.is_empty()).then_some("op_amp"));
    files.extend(
        functions::ALL.iter().map(|f| f.name()).filter(|name| activations(design).any(|f| f.name() == *name)),
    );
    files.extend(has(Function::Multiplier).then_some("multiplier"));
    files.extend(own(design).map(|own| own.text_name));
    if has_store {
        files.extend(["sample_hold", "switch"]);
    }
    files
}

/// The library's activation functions that a design has circuits of.
fn activations(design: &Design) -> impl Iterator<Item = Activation> {
    design.behaviours.iter().filter_map(|(.., b)| match b.function {
        Function::Activation(activation) => Some(activation),
        _ => None,
    })
}

/// How Verilog-A writes a function: its parameter is the module's.
const VERILOG_A: Voice = Voice { x: "x", parameter: ("", "") };
/// How a B source of ngspice does: its parameter is the subcircuit's.
const SPICE: Voice = Voice { x: "v(x)", parameter: ("{", "}") };

/// A user's own behavioural blocks, in order of first use, each once.
fn own(design: &Design) -> impl Iterator<Item = &'static Own> {
    let mut seen = std::collections::HashSet::new();
    let owns = design.behaviours.iter().filter_map(|(.., b)| match b.function {
        Function::Own(own) => Some(own),
        _ => None,
    });
    owns.filter(move |own| seen.insert(own.name))
}

/// The block of a user as a Verilog-A module around its body.
fn own_verilog_a(own: &Own) -> Result<String, Error> {
    let (name, module, body) = (own.name, own.text_name, own.verilog_a.map(str::trim));
    render("verilog_a/own.j2", context! { name, module, body, inputs => own.inputs.to_vec() })
}

fn source(file: &str) -> Result<String, Error> {
    if let Ok(spec) = Spec::find(file) {
        return device_verilog_a(spec);
    }
    match Activation::find(file) {
        Some(f) => {
            let (function, expression) = (f.name(), f.text(VERILOG_A));
            let own = f.definition().parameter.map(|p| (p.name, printed_default(f)));
            render("verilog_a/activation.j2", context! { function, expression, own })
        }
        None => render(&format!("verilog_a/{file}.j2"), fixed()),
    }
}

fn printed_default(f: Activation) -> String {
    number(f.parameter().map_or(0.0, |(_, value)| value))
}

/// Constants of the models that no type sets.
fn fixed() -> Value {
    context! {
        c_hold => number(1e-9), g_track => number(1.0), g_leak => number(1e-12),
        g_on => number(1e-3), g_off => number(1e-12),
    }
}

/// Twins of every leaf type of `design`, as ngspice subcircuits.
pub(crate) fn ngspice(design: &Design, has_store: bool) -> Result<String, Error> {
    let mut text = String::new();
    for (_, name, cell) in design.cells.iter() {
        text += &device_twin(name, &cell.device, &device::start(cell))?;
    }
    for (_, name, amp) in design.op_amps.iter() {
        text += &render("ngspice/op_amp.j2", context! { name, ..values(op_amp_params(amp)) })?;
    }
    for (_, name, behaviour) in design.behaviours.iter() {
        let params = values(behaviour_params(behaviour));
        text += &match behaviour.function {
            Function::Multiplier => render("ngspice/multiplier.j2", context! { name, ..params })?,
            Function::Own(own) => {
                let (declared, body) = (own.name, own.spice.map(str::trim));
                render(
                    "ngspice/own.j2",
                    context! { name, declared, body, inputs => own.inputs.to_vec(), ..params },
                )?
            }
            Function::Activation(f) => {
                let (function, expression) = (f.name(), f.text(SPICE));
                let own = f.parameter().map(|(name, value)| (name, number(value)));
                render("ngspice/activation.j2", context! { name, function, expression, own, ..params })?
            }
        };
    }
    if has_store {
        text += &render("ngspice/store.j2", fixed())?;
    }
    Ok(text)
}

/// VACASK's loads, and a model line for every leaf type of `design`.
pub(crate) fn vacask(design: &Design, has_store: bool, verilog_a: &str) -> Result<String, Error> {
    let line = |name: &str, module: &str, params: Params| context! { name, module => format!("ml_{module}"), params };
    let mut models: Vec<Value> = Vec::new();
    models.extend(design.cells.iter().map(|(_, name, cell)| {
        let params = device_parameters(&cell.device, &device::start(cell));
        context! { name, module => format!("ml_{}", cell.device.spec().name), params }
    }));
    models.extend(design.op_amps.iter().map(|(_, name, amp)| line(name, "op_amp", op_amp_params(amp))));
    let behaviour = |(_, name, b): (_, &str, &Behaviour)| line(name, b.function.name(), behaviour_params(b));
    models.extend(design.behaviours.iter().map(behaviour));
    if has_store {
        // The module's own name is the model's name too.
        let plain = |name: &str| context! { name, module => name, params => Params::new() };
        models.extend([plain(SAMPLE_HOLD), plain(SWITCH)]);
    }
    render("vacask/models.j2", context! { files => files(design, has_store), models, verilog_a })
}

type Params = Vec<(&'static str, String)>;

fn values(params: Params) -> Value {
    Value::from(params.into_iter().collect::<BTreeMap<_, _>>())
}

fn printed<const N: usize>(params: [(&'static str, f64); N]) -> Params {
    params.into_iter().map(|(name, value)| (name, number(value))).collect()
}

fn op_amp_params(amp: &OpAmp) -> Params {
    printed([
        ("gain", amp.gain),
        ("gbw", amp.gbw),
        ("slew_rate", amp.slew),
        ("offset", amp.offset),
        ("low", amp.swing.0),
        ("high", amp.swing.1),
    ])
}

fn behaviour_params(behaviour: &Behaviour) -> Params {
    let common = [("unit", behaviour.unit), ("low", behaviour.swing.0), ("high", behaviour.swing.1)];
    let own = match behaviour.function {
        Function::Activation(activation) => activation.parameter(),
        _ => None,
    };
    common.into_iter().chain(own).map(|(name, value)| (name, number(value))).collect()
}
