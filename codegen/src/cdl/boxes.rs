//! Black boxes: what memloom has no devices for, with the pins that a circuit of devices will need.

use super::statement::Pin;
use super::{CAPACITOR, RAILS, RESISTOR};
use crate::name::bit;
use crate::store;
use memloom_ir::{Design, Element, Foreign, Value};

/// An empty subcircuit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlackBox {
    /// Name.
    pub name: String,
    /// What is to be in it.
    pub what: String,
    /// Pins.
    pub pins: Vec<Pin>,
}

impl BlackBox {
    /// What stands for `element`, a black box called `name`.
    pub(super) fn new(design: &Design, element: &Element, name: String) -> Self {
        let wires = |pin: memloom_ir::Pin<'_>| {
            let of = |name| match pin.rail {
                Some(_) => Pin::rail(name),
                None => Pin::new(name, pin.direction),
            };
            (0..pin.width).map(|at| of(bit(&pin.name, pin.width, at))).collect::<Vec<_>>()
        };
        let own = element.pins(design).into_iter().flat_map(wires);
        let rails = RAILS.into_iter().filter(|_| is_powered(design, element)).map(Pin::rail);
        let mut pins: Vec<Pin> = own.chain(rails).collect();
        let mut what = format!("black box: {}", function(design, element));
        if let Some(cell) = cell(design, element) {
            // The user's file has its pins in an order of its own.
            pins.sort_by_key(|pin| cell.pins.iter().position(|own| own.name.eq_ignore_ascii_case(&pin.name)));
            let files: Vec<&str> = cell.libraries.iter().map(|library| library.path.as_str()).collect();
            what = format!("{what}; its netlist is in {}", files.join(", "));
        }
        Self { name, what, pins }
    }
}

/// What a black box is to do.
fn function(design: &Design, element: &Element) -> String {
    match element {
        Element::OpAmp(_) => "op-amp".to_owned(),
        Element::Behaviour(id) => design.behaviours[*id].function.name().replace('_', " "),
        Element::Store(store) => format!("frame memory of {} x {} samples", store.height, store.width),
        Element::Resistor(_) => "resistor whose value its module's user sets".to_owned(),
        Element::Capacitor(_) => "capacitor whose value its module's user sets".to_owned(),
        _ => "a subcircuit of the user's".to_owned(),
    }
}

/// The user's cell that `element` is or is made of.
fn cell<'d>(design: &'d Design, element: &Element) -> Option<&'d Foreign> {
    match element {
        Element::Foreign(id) => Some(&design.foreign[*id]),
        element => design.body(element)?.cell.as_ref(),
    }
}

/// The subcircuit that stands for `element`, if that is neither a device nor made of devices.
pub(super) fn master(design: &Design, element: &Element) -> Option<String> {
    Some(match element {
        // A transistor or a diode is a device.
        Element::Foreign(id) if design.foreign[*id].kind.is_model() => return None,
        Element::Crossbar(_) => return None,
        element if cell(design, element).is_some() => cell(design, element)?.name.clone(),
        Element::OpAmp(id) => design.op_amps.name(*id).to_owned(),
        Element::Behaviour(id) => design.behaviours.name(*id).to_owned(),
        Element::Store(frame) if frame.is_whole() => format!("ml_store_{}x{}", frame.height, frame.width),
        Element::Store(frame) => store::name(frame),
        Element::Resistor(Value::Param(_)) => RESISTOR.to_owned(),
        Element::Capacitor(Value::Param(_)) => CAPACITOR.to_owned(),
        _ => return None,
    })
}

/// Whether `element` will be made of transistors and says nothing of supplies.
pub(super) fn is_powered(design: &Design, element: &Element) -> bool {
    match element {
        Element::Store(_) => true,
        Element::OpAmp(_) | Element::Behaviour(_) => {
            design.body(element).is_none_or(|body| body.cell.is_none() && body.supplies.is_empty())
        }
        _ => false,
    }
}

/// Per module: whether it, or one in it, has an element that [`is_powered`].
pub(super) fn powered(design: &Design) -> Vec<bool> {
    let mut powered = Vec::with_capacity(design.modules.len());
    for (.., module) in design.modules.iter() {
        let any = module.instances.iter().any(|(.., instance)| match &instance.element {
            // A module stands after those it uses.
            Element::Module(id) => powered[id.index()],
            element => is_powered(design, element),
        });
        powered.push(any);
    }
    powered
}
