//! The parts of a dissolved module, copy by copy, and the wires that they are at.

use super::roles::{Role, Roles};
use super::size;
use crate::wires::of_copy;
use memloom_ir::{Bits, Design, Direction, Element, Id, Instance, Module, Slice};

/// One copy of an instance.
pub(super) struct Part {
    pub(super) instance: Id<Instance>,
    pub(super) copy: u32,
    /// As counted in a [`super::Grain`].
    pub(super) size: u64,
    /// Role and connection of each pin.
    pub(super) pins: Vec<(Role, Bits)>,
}

/// A module taken apart. Wires are counted net by net.
pub(super) struct Parts {
    pub(super) parts: Vec<Part>,
    pub(super) wires: usize,
    pub(super) inputs: Vec<usize>,
    pub(super) outputs: Vec<usize>,
    /// Per wire: whether it is one of the inputs.
    pub(super) given: Vec<bool>,
    /// The first wire of each net.
    first: Vec<usize>,
}

impl Parts {
    pub(super) fn new(design: &Design, id: Id<Module>) -> Self {
        let module = &design.modules[id];
        let (mut first, mut wires) = (Vec::with_capacity(module.nets.len()), 0);
        for (.., net) in module.nets.iter() {
            first.push(wires);
            wires += net.width as usize;
        }
        let ports = |direction| {
            let ports = module.ports.iter().filter(move |port| port.direction == direction);
            let first = &first;
            ports.flat_map(move |port| {
                let start = first[port.net.index()];
                start..start + module.nets[port.net].width as usize
            })
        };
        let (inputs, outputs): (Vec<_>, _) =
            (ports(Direction::Input).collect(), ports(Direction::Output).collect());
        let mut given = vec![false; wires];
        inputs.iter().for_each(|wire| given[*wire] = true);
        let roles = Roles::new(design);
        let copies = |(instance, _, inst): (Id<Instance>, &str, &Instance)| {
            let widths: Vec<u32> = inst.element.pins(design).iter().map(|pin| pin.width).collect();
            let (role, size) = (roles.of(design, inst), size_of(design, &inst.element));
            let pins = |copy| {
                let bits = widths.iter().enumerate().map(|(pin, width)| of_copy(inst, pin, *width, copy));
                role.iter().copied().zip(bits).collect()
            };
            (0..inst.count).map(|copy| Part { instance, copy, size, pins: pins(copy) }).collect::<Vec<_>>()
        };
        let parts = module.instances.iter().flat_map(copies).collect();
        Self { parts, wires, inputs, outputs, given, first }
    }

    /// The wires of `bits`, rails left out.
    pub(super) fn wires_of<'a>(&'a self, bits: &'a Bits) -> impl Iterator<Item = usize> + 'a {
        bits.iter().flat_map(|slice| match *slice {
            Slice::Net { net, start, len } => {
                let first = self.first[net.index()] + start as usize;
                first..first + len as usize
            }
            Slice::Supply(_) => 0..0,
        })
    }

    /// The wires of the pins of `part` that have one of `roles`.
    pub(super) fn at<'a>(&'a self, part: usize, roles: &'a [Role]) -> impl Iterator<Item = usize> + 'a {
        let pins = self.parts[part].pins.iter().filter(|(role, _)| roles.contains(role));
        pins.flat_map(|(_, bits)| self.wires_of(bits))
    }
}

fn size_of(design: &Design, element: &Element) -> u64 {
    match element {
        Element::Module(id) => size(&design.inventory(*id)),
        Element::Crossbar(array) => array.cell_count() as u64,
        _ => 1,
    }
}
