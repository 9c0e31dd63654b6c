//! The Verilog-A modules of leaf models.

use super::{device, leaf};
use crate::error::Error;
use crate::number::Number;
use crate::template::{Placed, Values, render, values};
use crate::text::Lines;
use memloom_ir::device::Spec;
use memloom_ir::functions::{self, Activation, Voice};
use memloom_ir::{Design, Element, Function, Own};

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
            None => source(name, design),
        };
        Some(text.map(|text| VerilogA { name: format!("{name}.va"), text }))
    };
    verilog_a_names(design, has_store).iter().filter_map(file).collect()
}

/// Names of the Verilog-A files that a design needs, in a fixed order.
pub(super) fn verilog_a_names(design: &Design, has_store: bool) -> Vec<&'static str> {
    let has = |function| leaf::own(design, design.behaviours.iter()).any(|(.., b)| b.function == function);
    let mut files = Vec::new();
    files.extend(device::models(design).into_iter().map(|spec| spec.name));
    files.extend(leaf::own(design, design.op_amps.iter()).next().map(|_| "op_amp"));
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
    leaf::own(design, design.behaviours.iter()).filter_map(|(.., b)| match b.function {
        Function::Activation(activation) => Some(activation),
        _ => None,
    })
}

/// How Verilog-A writes a function: its parameter is the module's.
const VERILOG_A: Voice = Voice { x: "x", parameter: ("", "") };

/// A user's own behavioural blocks, in order of first use, each once.
fn own(design: &Design) -> impl Iterator<Item = &'static Own> {
    let mut seen = std::collections::HashSet::new();
    let owns = leaf::own(design, design.behaviours.iter()).filter_map(|(.., b)| match b.function {
        Function::Own(own) => Some(own),
        _ => None,
    });
    owns.filter(move |own| seen.insert(own.name))
}

/// The block of a user as a Verilog-A module around its body.
fn own_verilog_a(own: &Own) -> Result<String, Error> {
    let (name, module, body) = (own.name, own.text_name, own.verilog_a.map(Placed::body));
    let values = values! { name, module, body, inputs => own.inputs.to_vec() };
    render("verilog_a/own.j2", values).map(Lines::into_string)
}

fn source(file: &str, design: &Design) -> Result<String, Error> {
    if let Ok(spec) = Spec::find(file) {
        return device::device_verilog_a(spec);
    }
    let lines = match Activation::find(file) {
        Some(f) => {
            let default =
                f.definition().parameter.map(|p| vec![Placed::word(p.name), Placed::word(Number(p.default))]);
            let (function, expression) = (f.name(), Placed::formula(f, VERILOG_A));
            render("verilog_a/activation.j2", values! { function, expression, parameter => default })
        }
        None => render(&format!("verilog_a/{file}.j2"), constants(design)),
    };
    lines.map(Lines::into_string)
}

/// What the models are given: constants, and `c_in` if an op-amp of the design has it.
fn constants(design: &Design) -> Values {
    let has_c_in = leaf::own(design, design.op_amps.iter()).any(|(.., amp)| amp.c_in > 0.0);
    if has_c_in { stores(design).with("c_in", true) } else { stores(design) }
}

/// The values of what frame memories are made of.
pub(crate) fn stores(design: &Design) -> Values {
    values! {
        c_hold => Number(design.sample_hold.c_hold), g_track => Number(1.0), g_leak => Number(1e-12),
        g_on => Number(1e-3), g_off => Number(1e-12),
    }
}
