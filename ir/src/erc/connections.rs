//! What hangs on each wire of a module.

use crate::{Design, Direction, Id, Module, Net, Slice};

/// Pins on one wire.
#[derive(Debug, Clone, Default)]
pub(super) struct Wire {
    /// Pins that drive it: outputs, and the module's own input ports.
    pub(super) drivers: u32,
    /// Pins that read it: inputs, and the module's own output ports.
    pub(super) readers: u32,
    /// Terminals of passive parts.
    pub(super) passives: u32,
    /// Inputs that take a current in.
    pub(super) sinks: u32,
}

impl Wire {
    /// Pins of any kind.
    pub(super) fn total(&self) -> u32 {
        self.drivers + self.readers + self.passives + self.sinks
    }
}

/// Per net of `module`, in order, its wires.
pub(super) fn of(design: &Design, module: &Module) -> Vec<Vec<Wire>> {
    let mut wires: Vec<Vec<Wire>> =
        module.nets.iter().map(|(_, _, net)| vec![Wire::default(); net.width as usize]).collect();
    for port in &module.ports {
        for wire in &mut wires[port.net.index()] {
            match port.direction {
                Direction::Input => wire.drivers += 1,
                Direction::Output => wire.readers += 1,
                Direction::Passive => wire.passives += 1,
            }
        }
    }
    for (_, _, instance) in module.instances.iter() {
        for (pin, bits) in instance.element.pins(design).iter().zip(&instance.pins) {
            let given: u32 = bits.iter().map(Slice::width).sum();
            let shared = if given == pin.width { instance.count } else { 1 };
            let current = pin.nature == Some(crate::Nature::Current);
            for wire in
                bits.iter().filter_map(net_slice).flat_map(|(net, range)| (range).map(move |i| (net, i)))
            {
                let wire = &mut wires[wire.0.index()][wire.1 as usize];
                match pin.direction {
                    Direction::Output => wire.drivers += shared,
                    Direction::Input if current => wire.sinks += shared,
                    Direction::Input => wire.readers += shared,
                    Direction::Passive => wire.passives += shared,
                }
            }
        }
    }
    wires
}

fn net_slice(slice: &Slice) -> Option<(Id<Net>, std::ops::Range<u32>)> {
    match slice {
        Slice::Net { net, start, len } => Some((*net, *start..*start + *len)),
        Slice::Supply(_) => None,
    }
}
