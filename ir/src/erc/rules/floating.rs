use super::bit_name;
use crate::erc::islands::Islands;
use crate::erc::{Breach, Level, Rule, Scope, connections};
use crate::{Design, Direction, Element, Instance, Kind, Module, Slice, Source};
use std::collections::HashSet;

/// A net that conducts to no driver, port or supply has no operating point: a simulator's matrix is singular.
pub(super) const RULE: Rule = Rule {
    code: "ML007",
    level: Level::Error,
    text: "a net has a path for direct current",
    help: "join it through a resistor to a driven net, a supply or a port",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    scope
        .design
        .modules
        .iter()
        .flat_map(|(id, _, module)| {
            let breach = |(name, origin): (String, &_)| {
                let what =
                    "nothing but passive parts of the same island, or capacitors, hold this net".into();
                scope.breach(id, &name, origin, what)
            };
            floating(scope, module).into_iter().map(breach).collect::<Vec<_>>()
        })
        .collect()
}

/// Joins what an instance lets a direct current through: resistors, voltage sources, channels and junctions.
fn conduct(design: &Design, islands: &mut Islands, instance: &Instance) {
    let is_part = match &instance.element {
        Element::Resistor(_) | Element::Source(Source::Voltage(_)) => true,
        Element::Foreign(id) => design.foreign[*id].kind.is_model(),
        _ => false,
    };
    if is_part {
        let pins = instance.element.pins(design);
        islands.join_pins(instance, |at| pins[at].direction == Direction::Passive);
    }
}

/// Whether what hangs on a pin cannot be seen: another module's inside, or a foreign subcircuit's.
fn is_closed(design: &Design, element: &Element) -> bool {
    match element {
        Element::Module(_) => true,
        Element::Foreign(id) => design.foreign[*id].kind == Kind::Subckt,
        _ => false,
    }
}

/// The first wire of each island that no driver, port, sink or supply holds.
fn floating<'m>(scope: &Scope<'_>, module: &'m Module) -> Vec<(String, &'m crate::Origin)> {
    let mut islands = Islands::new(module, scope.design.supplies.len());
    module.instances.iter().for_each(|(_, _, instance)| conduct(scope.design, &mut islands, instance));
    let mut held: HashSet<usize> =
        scope.design.supplies.iter().map(|(id, ..)| islands.find(islands.supply(id))).collect();
    for (_, _, instance) in module.instances.iter().filter(|(_, _, i)| is_closed(scope.design, &i.element)) {
        // What a passive port leads to is inside the other module.
        for bits in &instance.pins {
            held.extend(islands.nodes(bits).into_iter().map(|node| islands.find(node)));
        }
    }
    let wires = connections::of(scope.design, module);
    let passive: Vec<_> = module
        .nets
        .iter()
        .flat_map(|(id, name, net)| (0..net.width).map(move |bit| (id, name, net, bit)))
        .collect();
    for (net, _, _, bit) in &passive {
        let wire = &wires[net.index()][*bit as usize];
        if wire.drivers > 0 || wire.sinks > 0 {
            held.insert(islands.find(islands.wire(*net, *bit)));
        }
    }
    for port in &module.ports {
        let bits = vec![Slice::Net { net: port.net, start: 0, len: module.nets[port.net].width }];
        held.extend(islands.nodes(&bits).into_iter().map(|node| islands.find(node)));
    }
    let mut named = HashSet::new();
    let mut floating = Vec::new();
    for (net_id, name, net, bit) in passive {
        let island = islands.find(islands.wire(net_id, bit));
        if wires[net_id.index()][bit as usize].passives > 0 && !held.contains(&island) && named.insert(island)
        {
            floating.push((bit_name(name, net.width, bit), &net.origin));
        }
    }
    floating
}
