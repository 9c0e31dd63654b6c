//! One module at one place.

use super::{Amplifier, Found, Node};
use crate::erc::islands::Islands;
use crate::stability::{Line, Stage};
use crate::{Crossbar, Design, Element, Id, Instance, Module, Value};
use indexmap::IndexMap;
use std::collections::HashMap;
use std::rc::Rc;

/// A module while its wires are loaded.
pub(super) struct Walk<'a, 'd, 'l> {
    design: &'d Design,
    id: Id<Module>,
    path: Rc<str>,
    found: &'a mut Found<'l>,
    islands: Islands,
    nodes: Vec<Node<'d>>,
    /// Siemens and farad between two wires, the lesser first.
    between: HashMap<(usize, usize), (f64, f64)>,
}

impl<'a, 'd, 'l> Walk<'a, 'd, 'l> {
    pub(super) fn new(design: &'d Design, id: Id<Module>, path: Rc<str>, found: &'a mut Found<'l>) -> Self {
        let islands = Islands::new(&design.modules[id], design.supplies.len());
        let nodes = vec![Node::default(); islands.len()];
        Self { design, id, path, found, islands, nodes, between: HashMap::new() }
    }

    /// Judges the wires inside; gives back those of the ports, port by port.
    pub(super) fn run(mut self, params: &IndexMap<String, f64>) -> Vec<Vec<Node<'d>>> {
        let module = &self.design.modules[self.id];
        for (at, _, instance) in module.instances.iter() {
            (0..instance.count).for_each(|copy| self.add(at, instance, copy, params));
        }
        // Feedback may stand behind its op-amp.
        for (at, _, instance) in module.instances.iter() {
            if let Element::OpAmp(_) = instance.element {
                (0..instance.count).for_each(|copy| self.close_loop(at, instance, copy));
            }
        }
        let mut is_port = vec![false; self.nodes.len()];
        let port = |port: &crate::Port| self.islands.nodes(&module.all(port.net));
        let ports: Vec<Vec<usize>> = module.ports.iter().map(port).collect();
        ports.iter().flatten().for_each(|node| is_port[*node] = true);
        for (node, _) in self.nodes.iter().zip(is_port).filter(|(_, is_port)| !is_port) {
            self.found.judge(node);
        }
        ports.iter().map(|port| port.iter().map(|node| self.nodes[*node].clone()).collect()).collect()
    }

    fn add(&mut self, at: Id<Instance>, instance: &'d Instance, copy: u32, params: &IndexMap<String, f64>) {
        let value = |value: &Value| match value {
            Value::Number(x) => *x,
            Value::Param(name) => params.get(name).copied().unwrap_or(f64::NAN),
        };
        match &instance.element {
            Element::Resistor(ohms) => self.passive(instance, copy, (value(ohms).recip(), 0.0)),
            Element::Capacitor(farad) => self.passive(instance, copy, (0.0, value(farad))),
            Element::Crossbar(array) => self.crossbar(instance, copy, array),
            Element::Module(inner) => self.submodule(at, instance, copy, *inner),
            _ => {}
        }
    }

    /// The wires of pin `pin` of one copy.
    fn pin(&self, instance: &Instance, pin: usize, width: u32, copy: u32) -> Vec<usize> {
        let (nodes, width) = (self.islands.nodes(&instance.pins[pin]), width as usize);
        // Shared by all copies, or their own.
        if nodes.len() <= width { nodes } else { nodes[copy as usize * width..][..width].to_vec() }
    }

    fn passive(&mut self, instance: &Instance, copy: u32, (g, c): (f64, f64)) {
        let (p, n) = (self.pin(instance, 0, 1, copy)[0], self.pin(instance, 1, 1, copy)[0]);
        let sound = |x: f64| x >= 0.0 && x.is_finite();
        // What is not sound is another rule's.
        if p == n || !sound(g) || !sound(c) {
            return;
        }
        let between = self.between.entry((p.min(n), p.max(n))).or_default();
        *between = (between.0 + g, between.1 + c);
        for node in [p, n] {
            let load = &mut self.nodes[node].load;
            (load.g, load.c) = (load.g + g, load.c + c);
        }
    }

    fn crossbar(&mut self, instance: &'d Instance, copy: u32, array: &'d Crossbar) {
        let parasitics = array.parasitics();
        let declared = parasitics.capacitances().iter().any(|(_, farad)| *farad > 0.0);
        let c_wire = if declared { parasitics.c_wire.get() } else { self.found.limits.line_capacitance };
        for (col, node) in (0..array.cols()).zip(self.pin(instance, 1, array.cols(), copy)) {
            self.nodes[node].load.lines.push(Line { array, col, c_wire });
        }
    }

    fn submodule(&mut self, at: Id<Instance>, instance: &'d Instance, copy: u32, inner: Id<Module>) {
        let module = &self.design.modules[inner];
        let mut params = module.params.clone();
        for (name, values) in &instance.args {
            params.insert(name.clone(), values[if values.len() == 1 { 0 } else { copy as usize }]);
        }
        let index = if instance.array { format!("[{copy}]") } else { String::new() };
        let name = self.design.modules[self.id].instances.name(at);
        let path = format!("{}.{name}{index}", self.path).into();
        let ports = Walk::new(self.design, inner, path, self.found).run(&params);
        for (pin, wires) in ports.into_iter().enumerate() {
            for (node, wire) in self.pin(instance, pin, wires.len() as u32, copy).into_iter().zip(wires) {
                self.nodes[node].join(wire);
            }
        }
    }

    /// The loop around an op-amp that a resistor closes.
    fn close_loop(&mut self, at: Id<Instance>, instance: &Instance, copy: u32) {
        let Element::OpAmp(amp) = instance.element else { return };
        let amp = &self.design.op_amps[amp];
        let (inn, out) = (self.pin(instance, 1, 1, copy)[0], self.pin(instance, 2, 1, copy)[0]);
        self.nodes[inn].load.c += amp.c_in;
        let Some((g, c_f)) = self.between.get(&(inn.min(out), inn.max(out))) else { return };
        if *g > 0.0 {
            let stage = Stage { gain: amp.gain, gbw: amp.gbw, r_f: g.recip(), c_f: *c_f };
            let amplifier = Amplifier { key: (self.id, at), path: self.path.clone(), stage };
            self.nodes[inn].amplifiers.push(amplifier);
        }
    }
}

impl<'d> Node<'d> {
    fn join(&mut self, other: Self) {
        (self.load.g, self.load.c) = (self.load.g + other.load.g, self.load.c + other.load.c);
        self.load.lines.extend(other.load.lines);
        self.amplifiers.extend(other.amplifiers);
    }
}
