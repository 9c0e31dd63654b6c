//! One module at one place.

use super::parts::Feed;
use super::{Interval, Key, Voltages};
use crate::erc::islands::Islands;
use crate::{Design, Direction, Element, Id, Instance, Module, Nature, Value};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::rc::Rc;

/// What comes into a module: parameters, and per wire of its input ports, in order, a voltage or a current.
pub(super) struct Given {
    pub(super) params: IndexMap<String, f64>,
    pub(super) ports: IndexMap<usize, Vec<Wire>>,
}

/// What is known of a wire.
#[derive(Clone, Default)]
pub(super) struct Wire {
    /// Its voltage, if known.
    pub(super) volts: Option<Interval>,
    /// The current into it, if sources drive it.
    pub(super) feed: Option<Feed>,
}

/// A module while its wires become known.
pub(super) struct Walk<'a> {
    pub(super) design: &'a Design,
    pub(super) id: Id<Module>,
    pub(super) path: Rc<str>,
    pub(super) found: &'a mut Voltages,
    nodes: Islands,
    pub(super) wires: Vec<Wire>,
    /// Drivers of each wire that are still to be looked at.
    pending: Vec<u32>,
    /// Per wire the resistors at it: their other end and conductance.
    pub(super) resistors: HashMap<usize, Vec<(usize, f64)>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(design: &'a Design, id: Id<Module>, path: Rc<str>, found: &'a mut Voltages) -> Self {
        let nodes = Islands::new(&design.modules[id], design.supplies.len());
        let (wires, pending) = (vec![Wire::default(); nodes.len()], vec![0; nodes.len()]);
        Self { design, id, path, found, nodes, wires, pending, resistors: HashMap::new() }
    }

    /// Works out every wire that can be; gives back those of the ports, port by port.
    pub(super) fn run(mut self, given: &Given) -> Vec<Vec<Wire>> {
        let module = &self.design.modules[self.id];
        self.start(module, given);
        let copies = |id, instance: &Instance| (0..instance.count).map(move |copy| (id, copy));
        let mut waiting: Vec<(Id<Instance>, u32)> =
            module.instances.iter().flat_map(|(id, _, instance)| copies(id, instance)).collect();
        loop {
            let before = waiting.len();
            waiting.retain(|(id, copy)| {
                let instance = &module.instances[*id];
                let pins = self.pins(instance, *copy);
                let ready = self.is_ready(instance, &pins);
                if ready {
                    self.visit((self.id, *id), instance, *copy, &pins);
                    self.settle(instance, &pins);
                }
                !ready
            });
            if waiting.len() == before {
                break;
            }
        }
        let port = |port: &crate::Port| self.nodes.nodes(&module.all(port.net));
        module.ports.iter().map(|p| port(p).into_iter().map(|n| self.wires[n].clone()).collect()).collect()
    }

    /// What is known before any instance is looked at.
    fn start(&mut self, module: &Module, given: &Given) {
        for (id, _, supply) in self.design.supplies.iter() {
            let node = self.nodes.supply(id);
            self.wires[node].volts = Some(Interval::point(supply.volts));
        }
        for (at, port) in module.ports.iter().enumerate() {
            let Some(wires) = given.ports.get(&at) else { continue };
            for (node, wire) in self.nodes.nodes(&module.all(port.net)).into_iter().zip(wires) {
                self.wires[node] = wire.clone();
            }
        }
        for (id, _, net) in module.nets.iter() {
            let Some((low, high)) = net.range else { continue };
            let input = |port: &crate::Port| port.net == id && port.direction == Direction::Input;
            // The sources of an inner net's current are in the module.
            if net.nature == Nature::Current && !module.ports.iter().any(input) {
                continue;
            }
            for node in self.nodes.nodes(&module.all(id)) {
                self.wires[node].declare(net.nature, Interval { low, high });
            }
        }
        for (_, _, instance) in module.instances.iter() {
            if let Element::Resistor(value) = &instance.element {
                let ohms = match value {
                    Value::Number(ohms) => *ohms,
                    Value::Param(name) => given.params.get(name).copied().unwrap_or(f64::NAN),
                };
                self.add_resistors(instance, ohms.recip());
            }
            for copy in 0..instance.count {
                for node in self.outputs(instance, &self.pins(instance, copy)) {
                    self.pending[node] += 1;
                }
            }
        }
    }

    fn add_resistors(&mut self, instance: &Instance, siemens: f64) {
        for copy in 0..instance.count {
            let pins = self.pins(instance, copy);
            let (p, n) = (pins[0][0], pins[1][0]);
            self.resistors.entry(p).or_default().push((n, siemens));
            self.resistors.entry(n).or_default().push((p, siemens));
        }
    }

    /// The wires of one copy, pin by pin.
    fn pins(&self, instance: &Instance, copy: u32) -> Vec<Vec<usize>> {
        let widths = instance.element.pins(self.design);
        let of_copy = |(bits, pin): (_, &crate::Pin<'_>)| {
            let nodes = self.nodes.nodes(bits);
            let width = pin.width as usize;
            // Shared by all copies, or a supply pin without a rail.
            if nodes.len() <= width { nodes } else { nodes[copy as usize * width..][..width].to_vec() }
        };
        instance.pins.iter().zip(&widths).map(of_copy).collect()
    }

    fn outputs(&self, instance: &Instance, pins: &[Vec<usize>]) -> Vec<usize> {
        let specs = instance.element.pins(self.design);
        let drives = |(_, pin): &(&Vec<usize>, &crate::Pin<'_>)| pin.direction == Direction::Output;
        pins.iter().zip(&specs).filter(drives).flat_map(|(nodes, _)| nodes.iter().copied()).collect()
    }

    /// Whether all that an instance depends on is settled.
    fn is_ready(&self, instance: &Instance, pins: &[Vec<usize>]) -> bool {
        let settled = |node: &usize| self.pending[*node] == 0;
        if let Element::OpAmp(_) = instance.element {
            let (inp, inn, out) = (pins[0][0], pins[1][0], pins[2][0]);
            let others = self.resistors.get(&inn).into_iter().flatten().map(|(other, _)| other);
            return settled(&inp)
                && (inn == out || settled(&inn))
                && others.filter(|other| **other != out).all(settled);
        }
        let specs = instance.element.pins(self.design);
        let reads = |pin: &crate::Pin<'_>| pin.direction == Direction::Input;
        pins.iter().zip(&specs).filter(|(_, pin)| reads(pin)).all(|(nodes, _)| nodes.iter().all(settled))
    }

    /// Counts an instance's outputs as done.
    fn settle(&mut self, instance: &Instance, pins: &[Vec<usize>]) {
        for node in self.outputs(instance, pins) {
            self.pending[node] -= 1;
        }
    }

    fn visit(&mut self, key: Key, instance: &Instance, copy: u32, pins: &[Vec<usize>]) {
        match &instance.element {
            Element::Module(inner) => self.submodule(key, *inner, copy, pins),
            Element::Crossbar(array) => self.crossbar(key, array, &pins[0], &pins[1]),
            Element::OpAmp(id) => self.op_amp(key, &self.design.op_amps[*id], pins),
            Element::Behaviour(id) => self.behaviour(instance, &self.design.behaviours[*id], copy, pins),
            Element::Resistor(_) | Element::Capacitor(_) | Element::Store(_) => {}
            // What they do is in a file of the user's, or left to a simulator.
            Element::Foreign(_) | Element::Source(_) => {}
        }
    }

    fn submodule(&mut self, (_, at): Key, inner: Id<Module>, copy: u32, pins: &[Vec<usize>]) {
        let module = &self.design.modules[inner];
        let instances = &self.design.modules[self.id].instances;
        let instance = &instances[at];
        let mut given = Given { params: module.params.clone(), ports: IndexMap::new() };
        for (name, values) in &instance.args {
            given.params.insert(name.clone(), values[if values.len() == 1 { 0 } else { copy as usize }]);
        }
        for (at, port) in module.ports.iter().enumerate() {
            if port.direction == Direction::Input {
                given.ports.insert(at, pins[at].iter().map(|node| self.wires[*node].clone()).collect());
            }
        }
        let index = if instance.array { format!("[{copy}]") } else { String::new() };
        let path = format!("{}.{}{index}", self.path, instances.name(at)).into();
        let outputs = Walk::new(self.design, inner, path, self.found).run(&given);
        for (port, (nodes, wires)) in module.ports.iter().zip(pins.iter().zip(outputs)) {
            if port.direction == Direction::Output {
                nodes.iter().zip(wires).for_each(|(node, wire)| self.wires[*node].add(wire));
            }
        }
    }
}
