//! What a pin does to its net.

use memloom_ir::{Design, Direction, Element, Function, Id, Instance, Module, Net, Slice};

/// What a pin does to its net.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// Reads its voltage and draws no current.
    Senses,
    /// May draw a current: what else is at the net feels it.
    Conducts,
    /// Holds its voltage, whatever is at the net.
    Drives,
}

/// The roles of all modules' ports.
pub(super) struct Roles(Vec<Vec<Role>>);

impl Roles {
    pub(super) fn new(design: &Design) -> Self {
        let mut roles = Self(Vec::with_capacity(design.modules.len()));
        for (.., module) in design.modules.iter() {
            // A module stands after those that it uses.
            let ports = roles.of_ports(design, module);
            roles.0.push(ports);
        }
        roles
    }

    /// The strongest role of the pins inside that a port's net is wired to: a driven net is driven, whatever loads it.
    fn of_ports(&self, design: &Design, module: &Module) -> Vec<Role> {
        let mut nets = vec![NetRoles::default(); module.nets.len()];
        for (.., instance) in module.instances.iter() {
            for (bits, role) in instance.pins.iter().zip(self.of(design, instance)) {
                bits.iter().for_each(|slice| {
                    if let Slice::Net { net, len, .. } = slice {
                        nets[net.index()].add(role, *len);
                    }
                });
            }
        }
        module.ports.iter().map(|port| nets[port.net.index()].role(module, port.net)).collect()
    }

    /// The role of each pin of an instance.
    pub(super) fn of(&self, design: &Design, instance: &Instance) -> Vec<Role> {
        let element = &instance.element;
        let pins = element.pins(design).len();
        let foreign = design.body(element).is_some_and(|body| body.cell.is_some());
        let known = match element {
            Element::Module(id) => self.0[id.index()].clone(),
            // What a transistor's gate does is its model's business.
            _ if foreign => Vec::new(),
            Element::OpAmp(_) => vec![Role::Senses, Role::Senses, Role::Drives],
            Element::Behaviour(id) => match design.behaviours[*id].function {
                // A body of the user's may do anything.
                Function::Own(_) => Vec::new(),
                function => {
                    let inputs = function.inputs().len();
                    (0..pins).map(|pin| if pin == inputs { Role::Drives } else { Role::Senses }).collect()
                }
            },
            _ => Vec::new(),
        };
        // Supply pins come last.
        known.into_iter().chain(std::iter::repeat(Role::Conducts)).take(pins).collect()
    }
}

/// What is known of a net's wires together.
#[derive(Clone, Default)]
struct NetRoles {
    conducts: bool,
    driven: u32,
}

impl NetRoles {
    fn add(&mut self, role: Role, wires: u32) {
        self.conducts |= role == Role::Conducts;
        self.driven += if role == Role::Drives { wires } else { 0 };
    }

    /// A net of which some wires are driven and others not counts as one that conducts.
    fn role(&self, module: &Module, net: Id<Net>) -> Role {
        let is_output = module.ports.iter().any(|p| p.net == net && p.direction == Direction::Output);
        match self.driven {
            0 if !self.conducts && !is_output => Role::Senses,
            driven if driven == module.nets[net].width => Role::Drives,
            _ => Role::Conducts,
        }
    }
}
