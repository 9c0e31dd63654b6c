//! Leaf models as subcircuits of B sources, the twins of the Verilog-A models: a subcircuit per type of the design,
//! whose parameters default to the type's values.

use crate::error::Error;
use crate::model::{self, behaviour_params, op_amp_params};
use crate::number::Number;
use crate::template::{Placed, Values, render, values};
use crate::text::{Lines, Name};
use memloom_ir::device::Device;
use memloom_ir::functions::Voice;
use memloom_ir::{Behaviour, Design, Function};

/// How a B source writes a function: its parameter is the subcircuit's.
const SPICE: Voice = Voice { x: "v(x)", parameter: ("{", "}") };

/// Twins of every leaf type of `design`, and of frame memories if it `has_store`.
pub(in crate::dialect) fn twins(design: &Design, has_store: bool) -> Result<Lines, Error> {
    let mut text = Lines::default();
    for (_, name, cell) in design.cells.iter() {
        text += memristor(name, &cell.device, &model::start(cell))?;
    }
    for (_, name, amp) in design.op_amps.iter() {
        let (name, params) = (Name::new(name)?, op_amp_params(amp).into_iter().collect::<Values>());
        text += render("ngspice/op_amp.j2", values! { name, ..params })?;
    }
    for (_, name, block) in design.behaviours.iter() {
        text += behaviour(name, block)?;
    }
    if has_store {
        text += render("ngspice/store.j2", model::fixed())?;
    }
    Ok(text)
}

/// The ngspice subcircuit `name` of `device`, whose states default to `start`.
///
/// # Errors
/// [`Error::Unplaceable`] for a `name` that is none, [`Error::Template`].
pub fn device_twin(name: &str, device: &Device, start: &[f64]) -> Result<String, Error> {
    memristor(name, device, start).map(Lines::into_string)
}

fn memristor(name: &str, device: &Device, start: &[f64]) -> Result<Lines, Error> {
    let template = format!("ngspice/devices/{}.j2", device.spec().name);
    render(&template, values! { name => Name::new(name)?, ..model::placed(device, start) })
}

fn behaviour(name: &str, block: &Behaviour) -> Result<Lines, Error> {
    let (name, params) = (Name::new(name)?, behaviour_params(block).into_iter().collect::<Values>());
    match block.function {
        Function::Multiplier => render("ngspice/multiplier.j2", values! { name, ..params }),
        Function::Own(own) => {
            let (declared, body) = (own.name, own.spice.map(str::trim));
            render(
                "ngspice/own.j2",
                values! { name, declared, body, inputs => own.inputs.to_vec(), ..params },
            )
        }
        Function::Activation(f) => {
            let own =
                f.parameter().map(|(name, value)| vec![Placed::word(name), Placed::word(Number(value))]);
            let (function, expression) = (f.name(), Placed::formula(f, SPICE));
            let values = values! { name, function, expression, parameter => own, ..params };
            render("ngspice/activation.j2", values)
        }
    }
}
