//! Parts that act on each other, and the order in which they are solved.

use super::Grain;
use super::parts::Parts;
use super::roles::Role;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::unionfind::UnionFind;
use std::collections::BTreeSet;

/// Parts to be solved together.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    /// In order.
    pub(super) parts: Vec<usize>,
    pub(super) size: u64,
    /// One more than that of the groups it reads; 0 if it reads none.
    pub(super) step: usize,
}

/// The groups of a module.
pub(super) struct Groups {
    /// In an order in which they can be solved.
    pub(super) groups: Vec<Group>,
    /// Per wire: the group that decides its voltage; none decides an input's.
    pub(super) source: Vec<Option<usize>>,
}

impl Groups {
    pub(super) fn new(parts: &Parts, grain: &Grain) -> Self {
        let clusters = Clusters::new(parts);
        let systems = clusters.systems(parts);
        let mut graph = Graph::new(parts, &clusters, &systems);
        (0..systems.len()).for_each(|at| graph.join(at, grain.joined));
        graph.groups(&clusters)
    }
}

/// Parts that conduct to wires that none drives act on each other: the first of them stands for all.
struct Clusters {
    /// Per part: what stands for it.
    of: Vec<usize>,
    /// Per wire: what decides its voltage.
    source: Vec<Option<usize>>,
}

impl Clusters {
    fn new(parts: &Parts) -> Self {
        let count = parts.parts.len();
        let (mut source, mut held) = (vec![None; parts.wires], parts.given.clone());
        for part in 0..count {
            for wire in parts.at(part, &[Role::Drives]) {
                (source[wire], held[wire]) = (Some(part), true);
            }
        }
        let mut together = UnionFind::<usize>::new(count);
        for part in 0..count {
            for wire in parts.at(part, &[Role::Conducts]).filter(|wire| !held[*wire]) {
                together.union(*source[wire].get_or_insert(part), part);
            }
        }
        let of: Vec<usize> = (0..count).map(|part| together.find(part)).collect();
        source.iter_mut().flatten().for_each(|part| *part = of[*part]);
        Self { of, source }
    }

    /// The other clusters that `part` reads.
    fn read<'a>(&'a self, parts: &'a Parts, part: usize) -> impl Iterator<Item = usize> + 'a {
        let wires = parts.at(part, &[Role::Senses, Role::Conducts]);
        wires.filter_map(|wire| self.source[wire]).filter(move |source| *source != self.of[part])
    }

    /// Sets of clusters that read each other in a circle, those that are read before those that read them.
    fn systems(&self, parts: &Parts) -> Vec<Vec<usize>> {
        let mut graph = DiGraph::<(), (), u32>::with_capacity(self.of.len(), 0);
        self.of.iter().for_each(|_| {
            graph.add_node(());
        });
        for part in 0..self.of.len() {
            let read: BTreeSet<_> = self.read(parts, part).collect();
            for source in read {
                graph.add_edge(NodeIndex::new(source), NodeIndex::new(self.of[part]), ());
            }
        }
        // Kosaraju gives readers first.
        let sets = petgraph::algo::kosaraju_scc(&graph).into_iter().rev();
        sets.map(|set| set.into_iter().map(NodeIndex::index).filter(|at| self.of[*at] == *at).collect())
            .filter(|set: &Vec<usize>| !set.is_empty())
            .collect()
    }
}

/// Systems, and who reads whom.
struct Graph {
    groups: Vec<Group>,
    /// Per cluster: its group.
    of: Vec<usize>,
    read: Vec<BTreeSet<usize>>,
    readers: Vec<BTreeSet<usize>>,
}

impl Graph {
    fn new(parts: &Parts, clusters: &Clusters, systems: &[Vec<usize>]) -> Self {
        let mut of = vec![0; clusters.of.len()];
        for (at, system) in systems.iter().enumerate() {
            system.iter().for_each(|cluster| of[*cluster] = at);
        }
        let mut graph = Self {
            groups: vec![Group::default(); systems.len()],
            of,
            read: vec![BTreeSet::new(); systems.len()],
            readers: vec![BTreeSet::new(); systems.len()],
        };
        for (part, at) in clusters.of.iter().enumerate() {
            let at = graph.of[*at];
            graph.groups[at].parts.push(part);
            graph.groups[at].size += parts.parts[part].size;
            for source in clusters.read(parts, part).map(|source| graph.of[source]).collect::<Vec<_>>() {
                if source != at {
                    graph.read[at].insert(source);
                    graph.readers[source].insert(at);
                }
            }
        }
        graph
    }

    /// Joins group `at` with what it reads, if all of that has no more than `most`, and either it reads one group or is
    /// the only one to read any of them: no circle comes of that, and what is read still stands before what reads it.
    fn join(&mut self, at: usize, most: u64) {
        let read: Vec<usize> = self.read[at].iter().copied().collect();
        let size = read.iter().map(|other| self.groups[*other].size).sum::<u64>() + self.groups[at].size;
        if read.is_empty() || size > most {
            return;
        }
        match read[..] {
            [only] => self.merge(at, only),
            _ if read.iter().all(|other| self.readers[*other].len() == 1) => {
                read.iter().for_each(|other| self.merge(*other, at));
            }
            _ => {}
        }
    }

    /// Makes group `from` a part of `to`.
    fn merge(&mut self, from: usize, to: usize) {
        let Group { parts, size, .. } = std::mem::take(&mut self.groups[from]);
        self.groups[to].parts.extend(parts);
        self.groups[to].size += size;
        for other in std::mem::take(&mut self.read[from]) {
            self.readers[other].remove(&from);
            self.readers[other].insert(to);
            self.read[to].insert(other);
        }
        for other in std::mem::take(&mut self.readers[from]) {
            self.read[other].remove(&from);
            self.read[other].insert(to);
            self.readers[to].insert(other);
        }
        self.read[to].remove(&to);
        self.readers[to].remove(&to);
    }

    /// The groups that are left, each with its step.
    fn groups(mut self, clusters: &Clusters) -> Groups {
        for at in 0..self.groups.len() {
            self.groups[at].step =
                self.read[at].iter().map(|other| self.groups[*other].step + 1).max().unwrap_or(0);
            self.groups[at].parts.sort_unstable();
        }
        let mut groups: Vec<Group> =
            self.groups.into_iter().filter(|group| !group.parts.is_empty()).collect();
        groups.sort_by_key(|group| (group.step, group.parts[0]));
        let mut of_part = vec![0; clusters.of.len()];
        for (at, group) in groups.iter().enumerate() {
            group.parts.iter().for_each(|part| of_part[*part] = at);
        }
        let source = clusters.source.iter().map(|part| part.map(|part| of_part[part])).collect();
        Groups { groups, source }
    }
}
