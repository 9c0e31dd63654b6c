//! The pins of each element: the one table that builders, checks, printers and evaluators share.

use super::{Crossbar, Design, Direction, Element, Foreign, FrameStore, Function, Nature, PinRole};
use Direction::{Input, Output, Passive};
use std::borrow::Cow;

/// A pin of one copy of an element.
#[derive(Debug, Clone, PartialEq)]
pub struct Pin<'a> {
    /// Name.
    pub name: Cow<'a, str>,
    /// Wires of one copy.
    pub width: u32,
    /// Which way it points.
    pub direction: Direction,
    /// What it carries; `None` takes any.
    pub nature: Option<Nature>,
    /// Of a supply pin, the rail that it hangs on unless it is wired.
    pub rail: Option<&'a str>,
}

impl Pin<'static> {
    const fn new(name: &'static str, width: u32, direction: Direction, nature: Option<Nature>) -> Self {
        Self { name: Cow::Borrowed(name), width, direction, nature, rail: None }
    }
}

impl<'a> Pin<'a> {
    fn supply(name: &'a str, rail: &'a str) -> Self {
        let name = Cow::Borrowed(name);
        Self { name, width: 1, direction: Input, nature: VOLTAGE, rail: Some(rail) }
    }
}

const VOLTAGE: Option<Nature> = Some(Nature::Voltage);
const CURRENT: Option<Nature> = Some(Nature::Current);
const SELECT: Option<Nature> = Some(Nature::Select);

impl Element {
    /// The pins of one copy, in the order of [`super::Instance::pins`].
    pub fn pins<'a>(&self, design: &'a Design) -> Vec<Pin<'a>> {
        let mut pins = match self {
            Self::Module(id) => module_pins(design, *id),
            Self::Crossbar(array) => crossbar_pins(array),
            Self::Resistor(_) | Self::Capacitor(_) | Self::Source(_) => {
                vec![Pin::new("p", 1, Passive, None), Pin::new("n", 1, Passive, None)]
            }
            // An op-amp's inputs are gates: they sense a summing node as well as a driven net.
            Self::OpAmp(_) => vec![
                Pin::new("inp", 1, Input, None),
                Pin::new("inn", 1, Input, None),
                Pin::new("out", 1, Output, VOLTAGE),
            ],
            Self::Behaviour(id) => behaviour_pins(design.behaviours[*id].function),
            Self::Store(store) => store_pins(store),
            Self::Foreign(id) => foreign_pins(&design.foreign[*id]),
        };
        let supplies = design.body(self).map_or(&[][..], |body| &body.supplies);
        pins.extend(supplies.iter().map(|supply| Pin::supply(&supply.pin, &supply.rail)));
        pins
    }
}

fn module_pins(design: &Design, id: super::Id<super::Module>) -> Vec<Pin<'_>> {
    let module = &design.modules[id];
    let pin = |port: &super::Port| {
        let net = &module.nets[port.net];
        Pin {
            name: Cow::Borrowed(module.nets.name(port.net)),
            width: net.width,
            direction: port.direction,
            nature: (port.direction != Passive).then_some(net.nature),
            rail: None,
        }
    };
    module.ports.iter().map(pin).collect()
}

fn foreign_pins(cell: &Foreign) -> Vec<Pin<'_>> {
    cell.pins.iter().map(foreign_pin).collect()
}

fn foreign_pin(pin: &super::ForeignPin) -> Pin<'_> {
    match &pin.role {
        PinRole::Supply { rail } => Pin::supply(&pin.name, rail),
        PinRole::Signal { direction, nature } => Pin {
            name: Cow::Borrowed(pin.name.as_str()),
            width: 1,
            direction: *direction,
            nature: *nature,
            rail: None,
        },
    }
}

fn crossbar_pins(array: &Crossbar) -> Vec<Pin<'static>> {
    vec![Pin::new("row", array.rows(), Input, VOLTAGE), Pin::new("col", array.cols(), Output, CURRENT)]
}

fn behaviour_pins(function: Function) -> Vec<Pin<'static>> {
    let mut pins: Vec<_> = function.inputs().iter().map(|name| Pin::new(name, 1, Input, VOLTAGE)).collect();
    pins.push(Pin::new("out", 1, Output, VOLTAGE));
    pins.push(Pin::new("v_ref", 1, Input, VOLTAGE));
    pins
}

fn store_pins(store: &FrameStore) -> Vec<Pin<'static>> {
    let mut pins = vec![
        Pin::new("inp", 1, Input, VOLTAGE),
        Pin::new("tap", store.taps(), Output, VOLTAGE),
        Pin::new("wr_row", store.height, Input, SELECT),
        Pin::new("wr_col", store.width, Input, SELECT),
    ];
    if !store.is_whole() {
        pins.push(Pin::new("rd_row", store.out_height(), Input, SELECT));
        pins.push(Pin::new("rd_col", store.out_width(), Input, SELECT));
    }
    pins.push(Pin::new("v_ref", 1, Input, VOLTAGE));
    pins
}
