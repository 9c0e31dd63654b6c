//! Which wires of a module conduct to each other.

use crate::{Bits, Id, Instance, Module, Net, Slice, Supply};

/// Sets of wires and supplies of one module that are joined.
pub(super) struct Islands {
    /// Index of each net's first wire; behind the last wire come the supplies.
    first: Vec<usize>,
    wires: usize,
    parent: Vec<usize>,
}

impl Islands {
    /// Every wire and supply by itself.
    pub(super) fn new(module: &Module, supplies: usize) -> Self {
        let mut wires = 0;
        let mut first = Vec::with_capacity(module.nets.len());
        for (_, _, net) in module.nets.iter() {
            first.push(wires);
            wires += net.width as usize;
        }
        Self { first, wires, parent: (0..wires + supplies).collect() }
    }

    /// Number of wires and supplies.
    pub(super) fn len(&self) -> usize {
        self.parent.len()
    }

    pub(super) fn wire(&self, net: Id<Net>, bit: u32) -> usize {
        self.first[net.index()] + bit as usize
    }

    pub(super) fn supply(&self, supply: Id<Supply>) -> usize {
        self.wires + supply.index()
    }

    /// The member that stands for the set of `node`.
    pub(super) fn find(&mut self, mut node: usize) -> usize {
        while self.parent[node] != node {
            self.parent[node] = self.parent[self.parent[node]];
            node = self.parent[node];
        }
        node
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a] = b;
    }

    /// Joins the two ends of every copy of a passive part.
    pub(super) fn join_ends(&mut self, instance: &Instance) {
        let ends = |bits: &Bits| self.nodes(bits);
        let (p, n) = (ends(&instance.pins[0]), ends(&instance.pins[1]));
        for copy in 0..instance.count as usize {
            self.join(p[copy % p.len()], n[copy % n.len()]);
        }
    }

    /// Joins the ends of every copy, whichever pins `conducts` names.
    pub(super) fn join_pins(&mut self, instance: &Instance, conducts: impl Fn(usize) -> bool) {
        let pins = instance.pins.iter().enumerate().filter(|(at, bits)| conducts(*at) && !bits.is_empty());
        let ends: Vec<Vec<usize>> = pins.map(|(_, bits)| self.nodes(bits)).collect();
        for copy in 0..instance.count as usize {
            for pair in ends.windows(2) {
                self.join(pair[0][copy % pair[0].len()], pair[1][copy % pair[1].len()]);
            }
        }
    }

    /// Every wire and supply of `bits`, in order.
    pub(super) fn nodes(&self, bits: &Bits) -> Vec<usize> {
        let mut nodes = Vec::new();
        for slice in bits {
            match *slice {
                Slice::Net { net, start, len } => {
                    nodes.extend((start..start + len).map(|k| self.wire(net, k)))
                }
                Slice::Supply(id) => nodes.push(self.supply(id)),
            }
        }
        nodes
    }
}
