//! Subcircuits of modules.

use super::statement::{Pin, begin, call, finish};
use super::{Cdl, RAILS, array_name, boxes};
use crate::dialect::{Dialect, Ngspice};
use crate::error::Error;
use crate::foreign::Call;
use crate::module::args;
use crate::name::{self, NodeNames};
use crate::text::Text;
use crate::wires;
use memloom_ir::{Design, Element, Id, Module, Value};

/// The pins of a module's subcircuit: ports, bit 0 first, then rails.
pub(super) fn pins(cdl: &Cdl<'_>, id: Id<Module>) -> Vec<Pin> {
    let design = cdl.design;
    let module = &design.modules[id];
    let names = NodeNames::new(design, module);
    let ports = module.ports.iter();
    let ports = ports.flat_map(|port| names.net(port.net).iter().map(|name| Pin::new(name, port.direction)));
    ports.chain(rails(cdl, id).into_iter().map(Pin::rail)).collect()
}

/// The rails of a module: the design's that it needs, and those of black boxes.
fn rails<'c>(cdl: &'c Cdl<'_>, id: Id<Module>) -> Vec<&'c str> {
    let mut rails: Vec<&str> = cdl.netlist.supplies(id).map(|id| cdl.design.supplies.name(id)).collect();
    if cdl.powered[id.index()] {
        let missing = |rail: &&str| !rails.iter().any(|own| own.eq_ignore_ascii_case(rail));
        let more: Vec<&str> = RAILS.into_iter().filter(missing).collect();
        rails.extend(more);
    }
    rails
}

/// What CDL cannot say: sources, and nets that are called as the rails of black boxes.
pub(super) fn check(cdl: &Cdl<'_>) -> Result<(), Error> {
    let refuse = |place: String, what: String| Err(Error::Refused { dialect: super::NAME, place, what });
    for (id, module_name, module) in cdl.design.modules.iter() {
        for (_, inst, instance) in module.instances.iter() {
            if matches!(instance.element, Element::Source(_)) {
                let what = "a source is no device; leave it to the test bench".to_owned();
                return refuse(format!("{module_name}.{inst}"), what);
            }
        }
        let is_rail = |net: &&str| RAILS.iter().any(|rail| rail.eq_ignore_ascii_case(net));
        if let Some(net) = module.nets.names().find(is_rail).filter(|_| cdl.powered[id.index()]) {
            let what = format!(
                "`{net}` is the rail of circuits without supply pins; rename the net, or declare supply pins at the op-amp and the activations"
            );
            return refuse(format!("{module_name}.{net}"), what);
        }
    }
    Ok(())
}

/// Writes the subcircuit of a module.
pub(super) fn write(cdl: &Cdl<'_>, text: &mut Text<'_>, id: Id<Module>) -> Result<(), Error> {
    let design = cdl.design;
    let (module_name, module) = (design.modules.name(id), &design.modules[id]);
    begin(text, module_name, &module.doc, &pins(cdl, id))?;
    let names = NodeNames::new(design, module);
    let mut nodes = Vec::new();
    for (_, inst, instance) in module.instances.iter() {
        let widths: Vec<u32> = instance.element.pins(design).iter().map(|pin| pin.width).collect();
        for copy in 0..instance.count {
            nodes.clear();
            for (pin, &width) in widths.iter().enumerate() {
                let start = wires::offset(instance, pin, width, copy);
                names.push(&mut nodes, &instance.pins[pin], start, width);
            }
            let name = name::copy(inst, instance.array, copy);
            place(cdl, text, &name, &instance.element, &mut nodes, &args(instance, copy))?;
        }
    }
    finish(text, module_name)
}

/// Writes one copy of an instance.
fn place<'n>(
    cdl: &'n Cdl<'_>,
    text: &mut Text<'_>,
    name: &str,
    element: &'n Element,
    nodes: &mut Vec<&'n str>,
    args: &[(&str, f64)],
) -> Result<(), Error> {
    let design: &'n Design = cdl.design;
    match element {
        Element::Module(id) => {
            nodes.extend(rails(cdl, *id));
            call(text, name, nodes, design.modules.name(*id))
        }
        Element::Crossbar(array) => call(text, name, nodes, &array_name(design, array)),
        Element::Resistor(ohm @ Value::Number(_)) => Ngspice.syntax().resistor(text, name, nodes, ohm),
        Element::Capacitor(farad @ Value::Number(_)) => Ngspice.syntax().capacitor(text, name, nodes, farad),
        // A transistor's sizes are what a layout is compared by.
        Element::Foreign(id) => {
            let cell = &design.foreign[*id];
            Ngspice.syntax().foreign(text, cell.kind, name, nodes, &cell.name, args)
        }
        element => {
            if boxes::is_powered(design, element) {
                nodes.extend(RAILS);
            }
            let master = boxes::master(design, element).expect("sources were refused");
            match Call::new(design, element, nodes, &[]) {
                Some(Call { nodes, .. }) => call(text, name, &nodes, &master),
                None => call(text, name, nodes, &master),
            }
        }
    }
}
