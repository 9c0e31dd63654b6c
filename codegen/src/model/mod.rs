//! Leaf models: Verilog-A files, the twins of them as ngspice subcircuits, and VACASK's model lines.
//!
//! A Verilog-A module is generic in its parameters; a type of the design is a VACASK `model` of it, or an ngspice
//! subcircuit whose parameters default to the type's values.

mod device;

pub use device::{device_parameters, device_twin, device_verilog_a, start_arguments};

use crate::error::Error;
use crate::number::Number;
use crate::store::{SAMPLE_HOLD, SWITCH};
use crate::template::{Placed, Values, render, values};
use crate::text::{Lines, Name};
use memloom::device::Spec;
use memloom::functions::{self, Activation, Voice};
use memloom::ir::{Behaviour, Design, Element, Function, OpAmp, Own};

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
    let values = values! { name, module, body, inputs => own.inputs.to_vec() };
    render("verilog_a/own.j2", values).map(Lines::into_string)
}

fn source(file: &str) -> Result<String, Error> {
    if let Ok(spec) = Spec::find(file) {
        return device_verilog_a(spec);
    }
    let lines = match Activation::find(file) {
        Some(f) => {
            let default =
                f.definition().parameter.map(|p| vec![Placed::word(p.name), Placed::word(Number(p.default))]);
            let (function, expression) = (f.name(), Placed::formula(f, VERILOG_A));
            render("verilog_a/activation.j2", values! { function, expression, parameter => default })
        }
        None => render(&format!("verilog_a/{file}.j2"), fixed()),
    };
    lines.map(Lines::into_string)
}

/// Constants of the models that no type sets.
fn fixed() -> Values {
    values! {
        c_hold => Number(1e-9), g_track => Number(1.0), g_leak => Number(1e-12),
        g_on => Number(1e-3), g_off => Number(1e-12),
    }
}

/// Twins of every leaf type of `design`, as ngspice subcircuits.
pub(crate) fn ngspice(design: &Design, has_store: bool) -> Result<Lines, Error> {
    let mut text = Lines::default();
    for (_, name, cell) in design.cells.iter() {
        text += device::twin(name, &cell.device, &device::start(cell))?;
    }
    for (_, name, amp) in design.op_amps.iter() {
        let name = Name::new(name)?;
        text += render("ngspice/op_amp.j2", values! { name, ..values(op_amp_params(amp)) })?;
    }
    for (_, name, behaviour) in design.behaviours.iter() {
        let (name, params) = (Name::new(name)?, values(behaviour_params(behaviour)));
        text += match behaviour.function {
            Function::Multiplier => render("ngspice/multiplier.j2", values! { name, ..params })?,
            Function::Own(own) => {
                let (declared, body) = (own.name, own.spice.map(str::trim));
                let inputs = own.inputs.to_vec();
                render("ngspice/own.j2", values! { name, declared, body, inputs, ..params })?
            }
            Function::Activation(f) => {
                let own =
                    f.parameter().map(|(name, value)| vec![Placed::word(name), Placed::word(Number(value))]);
                let (function, expression) = (f.name(), Placed::formula(f, SPICE));
                let values = values! { name, function, expression, parameter => own, ..params };
                render("ngspice/activation.j2", values)?
            }
        };
    }
    if has_store {
        text += render("ngspice/store.j2", fixed())?;
    }
    Ok(text)
}

/// VACASK's loads, and a model line for every leaf type of `design`.
pub(crate) fn vacask(design: &Design, has_store: bool, verilog_a: &'static str) -> Result<Lines, Error> {
    let mut models: Vec<Values> = Vec::new();
    for (_, name, cell) in design.cells.iter() {
        let params = device::pairs(&cell.device, &device::start(cell));
        models.push(model(name, cell.device.spec().name, params)?);
    }
    for (_, name, amp) in design.op_amps.iter() {
        models.push(model(name, "op_amp", pairs(op_amp_params(amp)))?);
    }
    for (_, name, behaviour) in design.behaviours.iter() {
        models.push(model(name, behaviour.function.name(), pairs(behaviour_params(behaviour)))?);
    }
    if has_store {
        // The module's own name is the model's name too.
        let plain = |name: &'static str| values! { name, module => name, params => Vec::<Placed>::new() };
        models.extend([plain(SAMPLE_HOLD), plain(SWITCH)]);
    }
    render("vacask/models.j2", values! { files => files(design, has_store), models, verilog_a })
}

/// A model line: `name` is module `ml_<module>` with parameters `params`.
fn model(name: &str, module: &'static str, params: Vec<Placed>) -> Result<Values, Error> {
    Ok(values! { name => Name::new(name)?, module => Placed::word(("ml_", module)), params })
}

type Params = Vec<(&'static str, Number)>;

fn values(params: Params) -> Values {
    params.into_iter().collect()
}

fn pairs(params: Params) -> Vec<Placed> {
    params.into_iter().map(|(name, value)| Placed::word((name, "=", value))).collect()
}

fn op_amp_params(amp: &OpAmp) -> Params {
    vec![
        ("gain", Number(amp.gain)),
        ("gbw", Number(amp.gbw)),
        ("slew_rate", Number(amp.slew)),
        ("offset", Number(amp.offset)),
        ("low", Number(amp.swing.0)),
        ("high", Number(amp.swing.1)),
    ]
}

fn behaviour_params(behaviour: &Behaviour) -> Params {
    let common = [("unit", behaviour.unit), ("low", behaviour.swing.0), ("high", behaviour.swing.1)];
    let own = match behaviour.function {
        Function::Activation(activation) => activation.parameter(),
        _ => None,
    };
    common.into_iter().chain(own).map(|(name, value)| (name, Number(value))).collect()
}
