//! Parameters of leaf models.

use super::{device, verilog_a_names};
use crate::error::Error;
use crate::number::Number;
use crate::store::{SAMPLE_HOLD, SWITCH};
use crate::template::{Placed, Values, place, render, values};
use crate::text::{Lines, Name};
use memloom_ir::{Behaviour, Design, Function, OpAmp};
use std::borrow::Cow;

/// A leaf type of a design: a Verilog-A module with parameters.
struct Leaf {
    /// Of the type.
    name: Placed,
    /// Of the Verilog-A module: `ml_<file>`.
    module: Placed,
    /// `parameter=value`.
    params: Vec<Placed>,
}

impl Leaf {
    /// Type `name` of `design`, of the module `ml_<file>`.
    fn new(design: &Design, name: &str, file: &'static str, params: Vec<Placed>) -> Result<Self, Error> {
        let name = model_name(design, name);
        Ok(Self { name: place(Name::new(&name)?), module: Placed::word(("ml_", file)), params })
    }

    /// A module that is a type of its own name.
    fn plain(name: &'static str) -> Self {
        Self { name: place(name), module: place(name), params: Vec::new() }
    }
}

/// The name of the model line of leaf type `name`: its own, or another where a subcircuit of its name gives it supply pins.
pub(crate) fn model_name<'n>(design: &Design, name: &'n str) -> Cow<'n, str> {
    match design.bodies.get(name) {
        Some(body) if body.cell.is_none() => format!("ml_{name}__model").into(),
        _ => name.into(),
    }
}

/// The Verilog-A files and model lines of `design`, and of frame memories if it `has_store`, in a dialect's `template`.
pub(crate) fn model_lines(
    template: &str,
    design: &Design,
    has_store: bool,
    verilog_a: &'static str,
) -> Result<Lines, Error> {
    let models: Vec<Values> = leaves(design, has_store)?
        .into_iter()
        .map(|leaf| values! { name => leaf.name, module => leaf.module, params => leaf.params })
        .collect();
    render(template, values! { files => verilog_a_names(design, has_store), models, verilog_a })
}

/// The leaf types of `design` that are memloom's own circuits, and those of frame memories if it `has_store`.
fn leaves(design: &Design, has_store: bool) -> Result<Vec<Leaf>, Error> {
    let mut leaves: Vec<Leaf> = Vec::new();
    for (_, name, cell) in own(design, design.cells.iter()) {
        let params = device::pairs(&cell.device, &device::start(cell));
        leaves.push(Leaf::new(design, name, cell.device.spec().name, params)?);
    }
    for (_, name, amp) in own(design, design.op_amps.iter()) {
        leaves.push(Leaf::new(design, name, "op_amp", pairs(op_amp_params(amp)))?);
    }
    for (_, name, behaviour) in own(design, design.behaviours.iter()) {
        let params = pairs(behaviour_params(behaviour));
        leaves.push(Leaf::new(design, name, behaviour.function.name(), params)?);
    }
    if has_store {
        leaves.extend([SAMPLE_HOLD, SWITCH].map(Leaf::plain));
    }
    Ok(leaves)
}

type Params = Vec<(&'static str, Number)>;

fn pairs(params: Params) -> Vec<Placed> {
    params.into_iter().map(|(name, value)| Placed::word((name, "=", value))).collect()
}

/// Parameters of an op-amp's model.
pub(crate) fn op_amp_params(amp: &OpAmp) -> Params {
    let c_in = (amp.c_in > 0.0).then_some(("c_in", Number(amp.c_in)));
    let others = [
        ("gain", Number(amp.gain)),
        ("gbw", Number(amp.gbw)),
        ("slew_rate", Number(amp.slew)),
        ("offset", Number(amp.offset)),
        ("low", Number(amp.swing.0)),
        ("high", Number(amp.swing.1)),
    ];
    others.into_iter().chain(c_in).collect()
}

/// Parameters of a behavioural block's model.
pub(crate) fn behaviour_params(behaviour: &Behaviour) -> Params {
    let common = [("unit", behaviour.unit), ("low", behaviour.swing.0), ("high", behaviour.swing.1)];
    let own = match behaviour.function {
        Function::Activation(activation) => activation.parameter(),
        _ => None,
    };
    common.into_iter().chain(own).map(|(name, value)| (name, Number(value))).collect()
}

/// The parameters of a behavioural block that an instance may set, with their defaults.
pub(crate) fn behaviour_args(behaviour: &Behaviour) -> Vec<(&'static str, f64)> {
    behaviour.function.params().iter().map(|name| (*name, behaviour.unit)).collect()
}

/// The types of which netlists have memloom's own circuit.
pub(crate) fn own<'d, I, T>(
    design: &'d Design,
    all: impl Iterator<Item = (I, &'d str, T)> + 'd,
) -> impl Iterator<Item = (I, &'d str, T)> + 'd {
    all.filter(|(_, name, _)| design.foreign_body(name).is_none())
}
