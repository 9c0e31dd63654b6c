//! The rules, one file each.

mod capacitor_area;
mod cell_voltage;
mod conductance;
mod double_driven;
mod drive;
mod feedback;
mod floating;
mod ir_drop;
mod levels;
mod name;
mod name_clash;
mod part_value;
mod phase_margin;
mod reserved;
mod resistor_range;
mod shorted;
mod single_pin;
mod sunk_current;
mod supply_pin;
mod swing;
mod threshold;
mod undriven;
mod unused_module;
mod unused_supply;

use super::{Breach, Rule, Scope, connections};
use crate::{Crossbar, Element, Id, Instance, Module, Nature, Origin};

type Check = fn(&Scope<'_>) -> Vec<Breach>;

/// Every rule and its check, by code.
pub(super) const ALL: &[(&Rule, Check)] = &[
    (&undriven::RULE, undriven::check),
    (&double_driven::RULE, double_driven::check),
    (&single_pin::RULE, single_pin::check),
    (&conductance::RULE, conductance::check),
    (&name_clash::RULE, name_clash::check),
    (&sunk_current::RULE, sunk_current::check),
    (&floating::RULE, floating::check),
    (&shorted::RULE, shorted::check),
    (&levels::RULE, levels::check),
    (&cell_voltage::RULE, cell_voltage::check),
    (&swing::RULE, swing::check),
    (&ir_drop::RULE, ir_drop::check),
    (&name::RULE, name::check),
    (&unused_module::RULE, unused_module::check),
    (&unused_supply::RULE, unused_supply::check),
    (&reserved::RULE, reserved::check),
    (&supply_pin::RULE, supply_pin::check),
    (&part_value::RULE, part_value::check),
    (&feedback::RULE, feedback::check),
    (&threshold::RULE, threshold::check),
    (&phase_margin::RULE, phase_margin::check),
    (&drive::RULE, drive::check),
    (&resistor_range::RULE, resistor_range::check),
    (&capacitor_area::RULE, capacitor_area::check),
];

/// A breach at every wire for which `what` has something to say.
fn per_wire(scope: &Scope<'_>, what: impl Fn(Nature, &connections::Wire) -> Option<String>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (id, _, module) in scope.design.modules.iter() {
        let wires = connections::of(scope.design, module);
        for ((_, net_name, net), wires) in module.nets.iter().zip(&wires) {
            for (bit, wire) in wires.iter().enumerate() {
                let Some(what) = what(net.nature, wire) else { continue };
                let name = bit_name(net_name, net.width, bit as u32);
                breaches.push(scope.breach(id, &name, &net.origin, what));
            }
        }
    }
    breaches
}

/// `net`, or `net[bit]` of a bus.
fn bit_name(net: &str, width: u32, bit: u32) -> String {
    if width > 1 { format!("{net}[{bit}]") } else { net.into() }
}

/// A breach at every crossbar for which `what` has something to say.
fn per_crossbar(scope: &Scope<'_>, what: impl Fn(&Crossbar) -> Option<String>) -> Vec<Breach> {
    let array = |instance: &Instance| match &instance.element {
        Element::Crossbar(array) => what(array),
        _ => None,
    };
    let of_module = |(id, _, module): (Id<Module>, _, &Module)| {
        let breach = |(_, name, instance): (_, &str, &Instance)| {
            Some(scope.breach(id, name, &instance.origin, array(instance)?))
        };
        module.instances.iter().filter_map(breach).collect::<Vec<_>>()
    };
    scope.design.modules.iter().flat_map(of_module).collect()
}

/// A breach at every name for which `what` has something to say.
fn per_name(scope: &Scope<'_>, what: impl Fn(&str) -> Option<String>) -> Vec<Breach> {
    let design = scope.design;
    let mut breaches = Vec::new();
    // A foreign cell's name is its file's.
    let own = |name: &&str| design.foreign.find(name).is_none();
    for name in design.leaf_names().filter(own) {
        let path = format!("{}.{name}", design.name);
        breaches.extend(what(name).map(|what| Breach { path, places: 1, origin: Origin::Library, what }));
    }
    for (id, name, module) in design.modules.iter() {
        let (path, places) = scope.places.of(id);
        let origin = || module.origin.clone();
        breaches.extend(what(name).map(|what| Breach { path: path.into(), places, origin: origin(), what }));
        let nets = module.nets.iter().map(|(_, name, net)| (name, &net.origin));
        let instances = module.instances.iter().map(|(_, name, instance)| (name, &instance.origin));
        let params = module.params.keys().map(|name| (name.as_str(), &module.origin));
        for (name, origin) in nets.chain(instances).chain(params) {
            breaches.extend(what(name).map(|what| scope.breach(id, name, origin, what)));
        }
    }
    breaches
}
