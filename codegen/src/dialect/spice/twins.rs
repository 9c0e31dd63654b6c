//! Leaf models as subcircuits of B sources, the twins of the Verilog-A models: a subcircuit per type of the design,
//! whose parameters default to the type's values.

use crate::error::Error;
use crate::model::{self, behaviour_params, op_amp_params};
use crate::number::Number;
use crate::template::{Placed, Values, place, render, values};
use crate::text::{Lines, Name};
use memloom_ir::device::Device;
use memloom_ir::functions::Voice;
use memloom_ir::{Behaviour, Design, Function, OpAmp};

/// How a B source writes a function: its parameter is the subcircuit's.
const SPICE: Voice = Voice { x: "v(x)", parameter: ("{", "}") };

/// The same where a block has supply pins: its inner node is against `v_ref`.
const SUPPLIED: Voice = Voice { x: "v(x,v_ref)", parameter: ("{", "}") };

/// Twins of every leaf type of `design`, and of frame memories if it `has_store`.
pub(in crate::dialect) fn twins(design: &Design, has_store: bool) -> Result<Lines, Error> {
    let mut text = Lines::default();
    for (_, name, cell) in model::own(design, design.cells.iter()) {
        text += memristor(name, &cell.device, &model::start(cell))?;
    }
    for (_, name, amp) in model::own(design, design.op_amps.iter()) {
        let rails = Rails::new(design, name)?;
        let amp = OpAmp { swing: rails.relative(amp.swing), ..*amp };
        let params = op_amp_params(&amp).into_iter().collect::<Values>();
        text += render("ngspice/op_amp.j2", rails.values(params.with("name", Name::new(name)?)))?;
    }
    for (_, name, block) in model::own(design, design.behaviours.iter()) {
        text += behaviour(design, name, block)?;
    }
    if has_store {
        text += render("ngspice/store.j2", model::stores(design))?;
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

fn behaviour(design: &Design, name: &str, block: &Behaviour) -> Result<Lines, Error> {
    let rails = Rails::new(design, name)?;
    let block = &Behaviour { swing: rails.relative(block.swing), ..block.clone() };
    let params = behaviour_params(block).into_iter().collect::<Values>();
    let values = rails.values(params.with("name", Name::new(name)?));
    match block.function {
        Function::Multiplier => render("ngspice/multiplier.j2", values),
        Function::Own(own) => {
            let (declared, body) = (own.name, own.spice.map(str::trim));
            render("ngspice/own.j2", values! { declared, body, inputs => own.inputs.to_vec(), ..values })
        }
        Function::Activation(f) => {
            let own =
                f.parameter().map(|(name, value)| vec![Placed::word(name), Placed::word(Number(value))]);
            let voice = if rails.pins.is_empty() { SPICE } else { SUPPLIED };
            let (function, expression) = (f.name(), Placed::formula(f, voice));
            render("ngspice/activation.j2", values! { function, expression, parameter => own, ..values })
        }
    }
}

/// The supply pins of a twin. One that has some has no node `0`: voltages are those against its lowest rail.
struct Rails<'d> {
    pins: Vec<Name<'d>>,
    lowest: Option<(Name<'d>, f64)>,
}

impl<'d> Rails<'d> {
    fn new(design: &'d Design, name: &str) -> Result<Self, Error> {
        let supplies = design.bodies.get(name).map_or(&[][..], |body| &body.supplies);
        let (mut pins, mut lowest) = (Vec::new(), None::<(Name<'d>, f64)>);
        for supply in supplies {
            let pin = Name::new(&supply.pin)?;
            // A design without the rail is refused before.
            let volts = design.supplies.find(&supply.rail).map_or(0.0, |rail| design.supplies[rail].volts);
            pins.push(pin);
            if lowest.is_none_or(|(_, least)| volts < least) {
                lowest = Some((pin, volts));
            }
        }
        Ok(Self { pins, lowest })
    }

    /// Voltages against ground as voltages against the lowest rail.
    fn relative(&self, (low, high): (f64, f64)) -> (f64, f64) {
        let zero = self.lowest.map_or(0.0, |(_, volts)| volts);
        (low - zero, high - zero)
    }

    /// `supplies`, the pins; `zero`, the node that voltages are against; `to`, how a probe names it.
    fn values(&self, values: Values) -> Values {
        let zero = self.lowest.map(|(pin, _)| pin);
        let to = zero.map_or_else(|| place(""), |pin| Placed::word((",", pin)));
        let zero = zero.map_or_else(|| place("0"), place);
        values! { supplies => self.pins.clone(), zero, to, ..values }
    }
}
