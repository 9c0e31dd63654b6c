//! Which parts make up one system of equations, and in which order the systems are solved.
//!
//! Free nodes that conductances join form a cluster. Clusters, op-amps and behavioural blocks depend on what they
//! read; a strongly connected set of them is one system.

use super::Error;
use super::flat::{Edge, Flat, Source};
use memloom_ir::siemens;
use petgraph::graph::{DiGraph, NodeIndex};

/// No cluster.
const NONE: u32 = u32::MAX;

/// Conductances at each free node.
pub(super) struct Adjacency {
    start: Vec<usize>,
    edges: Vec<(u32, f64)>,
}

impl Adjacency {
    fn new(flat: &Flat<'_>) -> Self {
        let mut start = vec![0; flat.source.len() + 1];
        let is_free = |node: u32| flat.source[node as usize] == Source::Free;
        each_edge(flat, |edge| {
            start[edge.a as usize + 1] += usize::from(is_free(edge.a));
            start[edge.b as usize + 1] += usize::from(is_free(edge.b));
        });
        for node in 0..flat.source.len() {
            start[node + 1] += start[node];
        }
        let mut next = start.clone();
        let mut edges = vec![(0, 0.0); start[flat.source.len()]];
        each_edge(flat, |edge| {
            for (node, other) in [(edge.a, edge.b), (edge.b, edge.a)] {
                if is_free(node) {
                    edges[next[node as usize]] = (other, edge.g);
                    next[node as usize] += 1;
                }
            }
        });
        Self { start, edges }
    }

    /// `(other node, siemens)` of every conductance at a free node.
    pub(super) fn at(&self, node: u32) -> &[(u32, f64)] {
        &self.edges[self.start[node as usize]..self.start[node as usize + 1]]
    }
}

/// Every conductance between two different nodes: resistors, the cells of crossbars without wires, then devices at what
/// they are programmed to.
fn each_edge(flat: &Flat<'_>, mut visit: impl FnMut(Edge)) {
    let differ = |edge: &Edge| edge.a != edge.b;
    flat.resistors.iter().filter(|e| differ(e)).for_each(|edge| visit(*edge));
    for array in flat.arrays.iter().filter(|a| !a.crossbar.parasitics().has_lines() && !a.placed) {
        let through = |g| array.crossbar.parasitics().through(siemens(g));
        let edge =
            |(row, col, g)| Edge { a: array.rows[row as usize], b: array.cols[col as usize], g: through(g) };
        array.crossbar.cells().map(edge).filter(differ).for_each(&mut visit);
    }
    flat.cells.iter().map(|cell| cell.edge).filter(differ).for_each(&mut visit);
}

/// A set of parts to be solved together, in the order of solution.
#[derive(Debug, Default)]
pub(super) struct System {
    /// Free nodes.
    pub(super) free: Vec<u32>,
    /// Op-amps, by number.
    pub(super) amps: Vec<u32>,
    /// Or one behavioural block, by number.
    pub(super) map: Option<u32>,
}

/// The systems of a circuit in the order of solution.
pub(super) struct Topology {
    pub(super) adjacency: Adjacency,
    pub(super) systems: Vec<System>,
    /// Free nodes that another system, or the outside, reads.
    pub(super) read: Vec<bool>,
}

impl Topology {
    /// Finds the systems; `watched` nodes count as read.
    pub(super) fn new(flat: &Flat<'_>, watched: &[u32]) -> Result<Self, Error> {
        let adjacency = Adjacency::new(flat);
        let clusters = Clusters::new(flat, &adjacency);
        clusters.check_tied(flat, &adjacency)?;
        let blocks = Blocks { flat, clusters: &clusters, adjacency: &adjacency };
        let graph = blocks.graph()?;
        let mut system_of = vec![0; graph.node_count()];
        let mut systems = Vec::new();
        // Kosaraju gives readers first: their sources come last.
        for set in petgraph::algo::kosaraju_scc(&graph).into_iter().rev() {
            let mut members: Vec<_> = set.iter().map(|n| n.index()).collect();
            members.sort_unstable();
            members.iter().for_each(|block| system_of[*block] = systems.len());
            let looped = members.len() > 1 || graph.contains_edge(set[0], set[0]);
            systems.push(blocks.system(&members, looped)?);
        }
        let mut read = vec![false; flat.source.len()];
        flat.outputs.iter().chain(watched).for_each(|node| read[*node as usize] = true);
        blocks.each_read(|reader, node, source| {
            read[node as usize] |= system_of[reader] != system_of[source];
        })?;
        Ok(Self { adjacency, systems, read })
    }
}

/// Free nodes that conductances join.
struct Clusters {
    /// Cluster of each node.
    of: Vec<u32>,
    members: Vec<Vec<u32>>,
}

impl Clusters {
    fn new(flat: &Flat<'_>, adjacency: &Adjacency) -> Self {
        let mut of = vec![NONE; flat.source.len()];
        let mut members: Vec<Vec<u32>> = Vec::new();
        let joined = |node: u32| flat.source[node as usize] == Source::Free && !adjacency.at(node).is_empty();
        for seed in (0..flat.source.len() as u32).filter(|node| joined(*node)) {
            if of[seed as usize] != NONE {
                continue;
            }
            let cluster = members.len() as u32;
            of[seed as usize] = cluster;
            let mut nodes = vec![seed];
            let mut next = 0;
            while let Some(node) = nodes.get(next).copied() {
                next += 1;
                for (other, _) in adjacency.at(node) {
                    if flat.source[*other as usize] == Source::Free && of[*other as usize] == NONE {
                        of[*other as usize] = cluster;
                        nodes.push(*other);
                    }
                }
            }
            nodes.sort_unstable();
            members.push(nodes);
        }
        Self { of, members }
    }

    /// Every cluster must touch a driven node, every current input and output of the circuit a cluster.
    fn check_tied(&self, flat: &Flat<'_>, adjacency: &Adjacency) -> Result<(), Error> {
        let driven = |node: &u32| flat.source[*node as usize] != Source::Free;
        let tied =
            |nodes: &[u32]| nodes.iter().any(|n| adjacency.at(*n).iter().any(|(other, _)| driven(other)));
        if let Some(loose) = self.members.iter().find(|nodes| !tied(nodes)) {
            return Err(Error::Floating(flat.names.node(loose[0])));
        }
        let open = |node: &&u32| !driven(node) && self.of[**node as usize] == NONE;
        if let Some((node, _)) = flat.injected.iter().find(|(node, _)| open(&node)) {
            return Err(Error::UnsunkCurrent(flat.names.node(*node)));
        }
        match flat.outputs.iter().find(open) {
            Some(node) => Err(Error::Floating(flat.names.node(*node))),
            None => Ok(()),
        }
    }
}

/// Clusters, then op-amps, then behavioural blocks, as one range of numbers.
struct Blocks<'a, 'd> {
    flat: &'a Flat<'d>,
    clusters: &'a Clusters,
    adjacency: &'a Adjacency,
}

impl Blocks<'_, '_> {
    fn first_amp(&self) -> usize {
        self.clusters.members.len()
    }

    fn first_map(&self) -> usize {
        self.first_amp() + self.flat.amps.len()
    }

    /// The block that sets `node`; `None` for inputs and supplies.
    fn source(&self, node: u32) -> Result<Option<usize>, Error> {
        match self.flat.source[node as usize] {
            Source::Input(_) | Source::Supply(_) => Ok(None),
            Source::Amp(amp) => Ok(Some(self.first_amp() + amp as usize)),
            Source::Map(map) => Ok(Some(self.first_map() + map as usize)),
            Source::Free => match self.clusters.of[node as usize] {
                NONE => Err(Error::Floating(self.flat.names.node(node))),
                cluster => Ok(Some(cluster as usize)),
            },
        }
    }

    /// Calls `visit(reader, node, source)` for every node that a block reads from a block.
    fn each_read(&self, mut visit: impl FnMut(usize, u32, usize)) -> Result<(), Error> {
        let mut read = |reader: usize, node: u32| -> Result<(), Error> {
            if let Some(source) = self.source(node)? {
                visit(reader, node, source);
            }
            Ok(())
        };
        for (cluster, nodes) in self.clusters.members.iter().enumerate() {
            for (other, _) in nodes.iter().flat_map(|node| self.adjacency.at(*node)) {
                if self.flat.source[*other as usize] != Source::Free {
                    read(cluster, *other)?;
                }
            }
        }
        for (index, amp) in self.flat.amps.iter().enumerate() {
            read(self.first_amp() + index, amp.inp)?;
            read(self.first_amp() + index, amp.inn)?;
        }
        for (index, map) in self.flat.maps.iter().enumerate() {
            let [a, b] = map.inputs;
            [a, b, map.v_ref].iter().try_for_each(|node| read(self.first_map() + index, *node))?;
        }
        Ok(())
    }

    /// An edge from each block to those that read it.
    fn graph(&self) -> Result<DiGraph<(), (), u32>, Error> {
        let count = self.first_map() + self.flat.maps.len();
        let mut graph = DiGraph::with_capacity(count, 0);
        for _ in 0..count {
            graph.add_node(());
        }
        let mut last_reader = vec![usize::MAX; count];
        self.each_read(|reader, _, source| {
            if std::mem::replace(&mut last_reader[source], reader) != reader {
                graph.add_edge(NodeIndex::new(source), NodeIndex::new(reader), ());
            }
        })?;
        Ok(graph)
    }

    fn system(&self, members: &[usize], looped: bool) -> Result<System, Error> {
        let mut system = System::default();
        for block in members {
            if *block >= self.first_map() {
                let map = (*block - self.first_map()) as u32;
                if looped {
                    return Err(Error::Feedback(self.flat.names.path(self.flat.maps[map as usize].at)));
                }
                system.map = Some(map);
            } else if *block >= self.first_amp() {
                system.amps.push((*block - self.first_amp()) as u32);
            } else {
                system.free.extend_from_slice(&self.clusters.members[*block]);
            }
        }
        Ok(system)
    }
}
