//! The order in which units and frame memories are evaluated.
//!
//! Units that conduct to one wire without a voltage source (a current, a divider's tap) are one group, and so are
//! units in a loop. A loop through a frame memory has no order.

use super::Error;
use super::elaborate::{Driver, Elaborated, Unit};
use memloom_ir::{Design, Nature};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::unionfind::UnionFind;

/// What is evaluated together.
pub(super) enum Set {
    /// A channel of a frame memory, by number.
    Channel(u32),
    /// Units, by number, ascending.
    Units(Vec<usize>),
}

/// Group of each unit: the number of its representative.
fn groups(circuit: &Elaborated<'_>) -> Vec<usize> {
    let mut union = UnionFind::<usize>::new(circuit.units.len());
    for (a, b) in &circuit.joined {
        union.union(*a as usize, *b as usize);
    }
    union.into_labeling()
}

/// Wires at the pins of `unit` that are no select lines.
pub(super) fn analog<'a>(design: &'a Design, unit: &'a Unit<'_>) -> impl Iterator<Item = u32> + 'a {
    let pins = unit.instance.element.pins(design).into_iter().zip(&unit.pins);
    pins.filter(|(pin, _)| pin.nature != Some(Nature::Select)).flat_map(|(_, wires)| wires.iter().copied())
}

/// Channels and groups of units, each after those it reads.
pub(super) fn ordered(design: &Design, circuit: &Elaborated<'_>) -> Result<Vec<Set>, Error> {
    let groups = groups(circuit);
    let units = circuit.units.len();
    let graph = graph(design, circuit, &groups)?;
    let mut members = vec![Vec::new(); units];
    (0..units).for_each(|unit| members[groups[unit]].push(unit));
    let mut sets = Vec::new();
    // Kosaraju gives readers first.
    for set in petgraph::algo::kosaraju_scc(&graph).into_iter().rev() {
        let looped = set.len() > 1 || graph.contains_edge(set[0], set[0]);
        match set.iter().find_map(|node| node.index().checked_sub(units)) {
            Some(channel) if looped => {
                return Err(Error::Feedback(circuit.names.path(circuit.channels[channel].at)));
            }
            Some(channel) => sets.push(Set::Channel(channel as u32)),
            None => {
                let mut joined: Vec<_> =
                    set.iter().flat_map(|node| members[node.index()].iter().copied()).collect();
                joined.sort_unstable();
                // Of a group, only the representative has members.
                if !joined.is_empty() {
                    sets.push(Set::Units(joined));
                }
            }
        }
    }
    Ok(sets)
}

/// Nodes are groups, by representative, then channels; edges lead from sources to readers.
fn graph(design: &Design, circuit: &Elaborated<'_>, groups: &[usize]) -> Result<DiGraph<(), (), u32>, Error> {
    let units = circuit.units.len();
    let mut graph = DiGraph::with_capacity(units + circuit.channels.len(), 0);
    for _ in 0..units + circuit.channels.len() {
        graph.add_node(());
    }
    let mut last_reader = vec![usize::MAX; graph.node_count()];
    let mut read = |wire: u32, reader: usize| {
        let source = match circuit.driver[wire as usize] {
            Driver::Unit(unit) | Driver::Free(unit) => groups[unit as usize],
            Driver::Tap { channel, .. } => units + channel as usize,
            Driver::Input(_) | Driver::Supply(_) => return Ok(()),
            Driver::None => return Err(Error::Floating(circuit.names.node(wire))),
        };
        if std::mem::replace(&mut last_reader[source], reader) != reader {
            graph.add_edge(NodeIndex::new(source), NodeIndex::new(reader), ());
        }
        Ok(())
    };
    for (index, unit) in circuit.units.iter().enumerate() {
        analog(design, unit).try_for_each(|wire| read(wire, groups[index]))?;
    }
    for (index, channel) in circuit.channels.iter().enumerate() {
        [channel.inp, channel.v_ref].into_iter().try_for_each(|wire| read(wire, units + index))?;
    }
    Ok(graph)
}
