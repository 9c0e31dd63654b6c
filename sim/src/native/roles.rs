//! Which port wires of a module are voltage sources or loads seen from outside, and which modules have ticks.

use super::flatten::NetNodes;
use memloom_ir::{Design, Direction, Element, Instance, Module, Nature};

/// What an instance does to a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// An op-amp, a behavioural block or a frame memory sets its voltage.
    Drives,
    /// A resistor or a crossbar conducts to it. A voltage output that is conducted to but not driven, such as a
    /// divider's, sags under load, so it is solved together with what loads it.
    Conducts,
}

/// What a module is to its surroundings; flags are per port wire.
pub(super) struct Roles {
    driven: Vec<bool>,
    conducting: Vec<bool>,
    /// Whether a frame memory is somewhere below.
    pub(super) has_store: bool,
}

impl Roles {
    fn of(&self, role: Role) -> &[bool] {
        match role {
            Role::Drives => &self.driven,
            Role::Conducts => &self.conducting,
        }
    }
}

/// The above for each module of `design`, in its order.
pub(super) fn roles(design: &Design) -> Vec<Roles> {
    let mut known = Vec::with_capacity(design.modules.len());
    for (_, _, module) in design.modules.iter() {
        known.push(of_module(design, module, &known));
    }
    known
}

fn of_module(design: &Design, module: &Module, known: &[Roles]) -> Roles {
    let supplies = design.supplies.len() as u32;
    let ports = module.port_width();
    let mut nodes = supplies + ports;
    let port_nodes: Vec<u32> = (supplies..nodes).collect();
    let nets = NetNodes::new(module, &port_nodes, |_, width| {
        nodes += width;
        nodes - width
    });
    let (mut driven, mut conducting) = (vec![false; nodes as usize], vec![false; nodes as usize]);
    let mut has_store = false;
    for (_, _, instance) in module.instances.iter() {
        has_store |= match &instance.element {
            Element::Store(_) => true,
            Element::Module(id) => known[id.index()].has_store,
            _ => false,
        };
        let pins: Vec<_> = instance.pins.iter().map(|bits| nets.bits(bits)).collect();
        each(Role::Drives, design, known, instance, &pins, |node| driven[node as usize] = true);
        each(Role::Conducts, design, known, instance, &pins, |node| conducting[node as usize] = true);
    }
    let of_ports = |flags: Vec<bool>| flags[supplies as usize..][..ports as usize].to_vec();
    Roles { driven: of_ports(driven), conducting: of_ports(conducting), has_store }
}

/// Calls `visit` for each of the nodes `pins` to which `instance` does `role`; once per copy.
pub(super) fn each(
    role: Role,
    design: &Design,
    known: &[Roles],
    instance: &Instance,
    pins: &[Vec<u32>],
    mut visit: impl FnMut(u32),
) {
    let mut first = 0;
    for (pin, nodes) in instance.element.pins(design).iter().zip(pins) {
        let width = pin.width as usize;
        for (index, node) in nodes.iter().enumerate() {
            let does = match &instance.element {
                Element::Module(id) => known[id.index()].of(role)[first + index % width],
                Element::Resistor(_) | Element::Crossbar(_) => role == Role::Conducts,
                _ => {
                    let source = pin.direction == Direction::Output && pin.nature == Some(Nature::Voltage);
                    role == Role::Drives && source
                }
            };
            if does {
                visit(*node);
            }
        }
        first += width;
    }
}
