use super::bit_name;
use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Design, Direction, Element, Id, Instance, Module, Nature, Slice};

/// A behavioural block follows its inputs at once, so one that reads what it drives has no value of its own.
pub(super) const RULE: Rule = Rule {
    code: "ML019",
    level: Level::Error,
    text: "no block is fed back onto itself",
    help: "give its output a net of its own; close loops through op-amps and resistors only",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut through: Vec<Through> = Vec::with_capacity(scope.design.modules.len());
    for (id, _, module) in scope.design.modules.iter() {
        let graph = Graph::new(scope.design, module, &through);
        if let Some((name, instance, wire)) = graph.loops() {
            let what = format!("output `{wire}` comes back to its own input");
            breaches.push(scope.breach(id, name, &instance.origin, what));
        }
        through.push(graph.through(module));
    }
    breaches
}

/// Which port wires of a module follow which at once: input, output.
type Through = Vec<(u32, u32)>;

/// From wire to wire of a module, wherever the one follows the other at once.
struct Graph<'m> {
    module: &'m Module,
    /// First wire of each net.
    first: Vec<u32>,
    /// By wire: wires that follow it, and the instance by which.
    next: Vec<Vec<(u32, u32)>>,
}

impl<'m> Graph<'m> {
    fn new(design: &Design, module: &'m Module, known: &[Through]) -> Self {
        let mut first = vec![0];
        module.nets.iter().for_each(|(.., net)| first.push(first[first.len() - 1] + net.width));
        let mut graph = Self { module, next: vec![Vec::new(); first[first.len() - 1] as usize], first };
        for (index, (.., instance)) in module.instances.iter().enumerate() {
            graph.instance(design, known, index as u32, instance);
        }
        graph
    }

    fn instance(&mut self, design: &Design, known: &[Through], index: u32, instance: &Instance) {
        let pairs: Through = match &instance.element {
            Element::Behaviour(_) => {
                let pins = instance.element.pins(design).len() as u32;
                // The last two are `out`, `v_ref`.
                (0..pins).filter(|pin| *pin != pins - 2).map(|pin| (pin, pins - 2)).collect()
            }
            Element::Module(id) => known[id.index()].clone(),
            _ => return,
        };
        if pairs.is_empty() {
            return;
        }
        for copy in 0..instance.count {
            let wires = self.wires(design, instance, copy);
            for (from, to) in &pairs {
                if let (Some(from), Some(to)) = (wires[*from as usize], wires[*to as usize]) {
                    self.next[from as usize].push((to, index));
                }
            }
        }
    }

    /// The wires of one copy, pin by pin; `None` for a supply.
    fn wires(&self, design: &Design, instance: &Instance, copy: u32) -> Vec<Option<u32>> {
        let mut wires = Vec::new();
        for (pin, bits) in instance.element.pins(design).iter().zip(&instance.pins) {
            let all: Vec<_> = bits.iter().flat_map(|slice| self.slice(slice)).collect();
            let width = pin.width as usize;
            let from = if all.len() == width { 0 } else { copy as usize * width };
            wires.extend(all.into_iter().skip(from).take(width));
        }
        wires
    }

    fn slice(&self, slice: &Slice) -> Vec<Option<u32>> {
        match slice {
            Slice::Supply(_) => vec![None],
            Slice::Net { net, start, len } => {
                let first = self.first[net.index()] + start;
                (first..first + len).map(Some).collect()
            }
        }
    }

    /// Wires that follow `from`, in the order of a search; `from` itself only if it follows itself, and by what.
    fn reach(&self, from: u32, seen: &mut [u32]) -> (Vec<u32>, Option<u32>) {
        let (mut found, mut at, mut back) = (Vec::new(), 0, None);
        let mut visit = |wire: u32, found: &mut Vec<u32>| {
            for (next, by) in &self.next[wire as usize] {
                if *next == from {
                    back.get_or_insert(*by);
                } else if std::mem::replace(&mut seen[*next as usize], from + 1) != from + 1 {
                    found.push(*next);
                }
            }
        };
        visit(from, &mut found);
        while let Some(wire) = found.get(at).copied() {
            visit(wire, &mut found);
            at += 1;
        }
        (found, back)
    }

    /// A wire that follows itself: the instance that drives it, and its name.
    fn loops(&self) -> Option<(&'m str, &'m Instance, String)> {
        // Wires that nothing follows are on no loop, nor then are those that only they follow.
        let mut left: Vec<usize> = self.next.iter().map(Vec::len).collect();
        let mut before = vec![Vec::new(); self.next.len()];
        for (wire, next) in self.next.iter().enumerate() {
            next.iter().for_each(|(to, _)| before[*to as usize].push(wire));
        }
        let mut ends: Vec<usize> = (0..left.len()).filter(|wire| left[*wire] == 0).collect();
        while let Some(end) = ends.pop() {
            for wire in &before[end] {
                left[*wire] -= 1;
                if left[*wire] == 0 {
                    ends.push(*wire);
                }
            }
        }
        let mut seen = vec![0; self.next.len()];
        let candidates = (0..left.len() as u32).filter(|wire| left[*wire as usize] > 0);
        let (wire, by) = candidates.filter_map(|wire| Some((wire, self.reach(wire, &mut seen).1?))).next()?;
        let (_, name, instance) = self.module.instances.iter().nth(by as usize)?;
        let net = self.first.partition_point(|first| *first <= wire) - 1;
        let (_, net_name, of) = self.module.nets.iter().nth(net)?;
        Some((name, instance, bit_name(net_name, of.width, wire - self.first[net])))
    }

    fn through(&self, module: &Module) -> Through {
        let mut ports = vec![None; self.next.len()];
        let mut at = 0;
        let mut inputs = Vec::new();
        for port in &module.ports {
            for wire in self.of_net(port.net, module) {
                match (port.direction, module.nets[port.net].nature) {
                    (Direction::Output, Nature::Voltage) => ports[wire as usize] = Some(at),
                    (Direction::Input, Nature::Voltage) => inputs.push((wire, at)),
                    _ => {}
                }
                at += 1;
            }
        }
        let mut seen = vec![0; self.next.len()];
        let mut through = Vec::new();
        for (wire, input) in inputs.into_iter().filter(|(wire, _)| !self.next[*wire as usize].is_empty()) {
            let (found, _) = self.reach(wire, &mut seen);
            through.extend(found.into_iter().filter_map(|to| Some((input, ports[to as usize]?))));
        }
        through
    }

    fn of_net(&self, net: Id<crate::Net>, module: &Module) -> std::ops::Range<u32> {
        let first = self.first[net.index()];
        first..first + module.nets[net].width
    }
}
