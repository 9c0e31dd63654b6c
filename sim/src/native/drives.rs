//! Which port wires of a module are voltage sources seen from outside, and which modules have ticks.

use super::flatten::NetNodes;
use memloom::ir::{Design, Direction, Element, Instance, Module, Nature};

/// What a module is to its surroundings.
pub(super) struct Drives {
    /// Per port wire: whether an op-amp, a behavioural block or a frame memory sets it. A voltage output without
    /// one, such as a divider's, sags under load, so it is solved together with what loads it.
    pub(super) driven: Vec<bool>,
    /// Whether a frame memory is somewhere below.
    pub(super) has_store: bool,
}

/// The above for each module of `design`, in its order.
pub(super) fn drives(design: &Design) -> Vec<Drives> {
    let mut known = Vec::with_capacity(design.modules.len());
    for (_, _, module) in design.modules.iter() {
        known.push(of_module(design, module, &known));
    }
    known
}

fn of_module(design: &Design, module: &Module, known: &[Drives]) -> Drives {
    let supplies = design.supplies.len() as u32;
    let ports = module.port_width();
    let mut nodes = supplies + ports;
    let port_nodes: Vec<u32> = (supplies..nodes).collect();
    let nets = NetNodes::new(module, &port_nodes, |_, width| {
        nodes += width;
        nodes - width
    });
    let mut driven = vec![false; nodes as usize];
    let mut has_store = false;
    for (_, _, instance) in module.instances.iter() {
        has_store |= match &instance.element {
            Element::Store(_) => true,
            Element::Module(id) => known[id.index()].has_store,
            _ => false,
        };
        let pins: Vec<_> = instance.pins.iter().map(|bits| nets.bits(bits)).collect();
        each_driven(design, known, instance, &pins, |node| driven[node as usize] = true);
    }
    Drives { driven: driven[supplies as usize..][..ports as usize].to_vec(), has_store }
}

/// Calls `visit` for each of the nodes `pins` that `instance` drives; once per copy.
pub(super) fn each_driven(
    design: &Design,
    known: &[Drives],
    instance: &Instance,
    pins: &[Vec<u32>],
    mut visit: impl FnMut(u32),
) {
    let mut first = 0;
    for (pin, nodes) in instance.element.pins(design).iter().zip(pins) {
        let width = pin.width as usize;
        for (index, node) in nodes.iter().enumerate() {
            let drives = match &instance.element {
                Element::Module(id) => known[id.index()].driven[first + index % width],
                _ => pin.direction == Direction::Output && pin.nature == Some(Nature::Voltage),
            };
            if drives {
                visit(*node);
            }
        }
        first += width;
    }
}
