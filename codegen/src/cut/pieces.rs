//! Pieces as modules: groups of one step, side by side.

use super::groups::{Group, Groups};
use super::parts::{Part, Parts};
use super::{Grain, Piece};
use crate::name::copy;
use indexmap::{IndexMap, IndexSet};
use memloom_ir::{Arena, Bits, Design, Direction, Id, Instance, Module, Nature, Net, Origin, Port, Slice};
use std::ops::Range;

/// Adds the pieces of module `id` to `design`, and gives them step by step.
///
/// # Errors
/// What is wrong with a name that a piece needs.
pub(super) fn build(
    design: &mut Design,
    id: Id<Module>,
    parts: &Parts,
    groups: &Groups,
    grain: &Grain,
) -> Result<Vec<Vec<Piece>>, String> {
    let instances = std::mem::take(&mut design.modules[id].instances);
    let name = design.modules.name(id).to_owned();
    let read = read_outside(parts, groups);
    let mut steps: Vec<Vec<Piece>> = Vec::new();
    for (number, range) in batches(&groups.groups, grain.piece).into_iter().enumerate() {
        let step = groups.groups[range.start].step;
        steps.resize_with(step + 1, Vec::new);
        let wires = Wires::new(parts, groups, &range, &read);
        // What nobody reads need not be solved.
        if wires.outputs.is_empty() {
            continue;
        }
        let built = Build { parts, instances: &instances, wires: &wires }.module(&groups.groups[range])?;
        let name = format!("{name}_piece_{number}");
        let taken = |_| format!("a piece needs the name `{name}`, which is taken; rename that module");
        let module = design.modules.insert(name.clone(), built).map_err(taken)?;
        let all = |set: &IndexSet<usize>| set.iter().copied().collect();
        steps[step].push(Piece { module, inputs: all(&wires.inputs), outputs: all(&wires.outputs) });
    }
    Ok(steps)
}

/// Ranges of groups of one step that share a piece.
fn batches(groups: &[Group], most: u64) -> Vec<Range<usize>> {
    let (mut batches, mut size): (Vec<Range<usize>>, u64) = (Vec::new(), 0);
    for (at, group) in groups.iter().enumerate() {
        match batches.last_mut() {
            Some(last) if groups[last.start].step == group.step && size + group.size <= most => {
                (last.end, size) = (at + 1, size + group.size);
            }
            _ => {
                batches.push(at..at + 1);
                size = group.size;
            }
        }
    }
    batches
}

/// Per wire: whether the module's outside, or another group than the one that decides it, reads it.
fn read_outside(parts: &Parts, groups: &Groups) -> Vec<bool> {
    let mut read = vec![false; parts.wires];
    parts.outputs.iter().for_each(|wire| read[*wire] = true);
    for (at, group) in groups.groups.iter().enumerate() {
        for wire in group.parts.iter().flat_map(|part| all_wires(parts, *part)) {
            read[wire] |= groups.source[wire] != Some(at);
        }
    }
    read
}

fn all_wires(parts: &Parts, part: usize) -> impl Iterator<Item = usize> + '_ {
    parts.parts[part].pins.iter().flat_map(|(_, bits)| parts.wires_of(bits))
}

/// What a piece's wires are, in the order of first use.
#[derive(Default)]
struct Wires {
    inputs: IndexSet<usize>,
    outputs: IndexSet<usize>,
    inner: IndexSet<usize>,
}

impl Wires {
    fn new(parts: &Parts, groups: &Groups, range: &Range<usize>, read: &[bool]) -> Self {
        let mut wires = Self::default();
        let members = groups.groups[range.clone()].iter().flat_map(|group| &group.parts);
        for wire in members.flat_map(|part| all_wires(parts, *part)) {
            let own = groups.source[wire].is_some_and(|group| range.contains(&group));
            let is_input = !own && (groups.source[wire].is_some() || parts.given[wire]);
            match (is_input, read[wire]) {
                (true, _) => wires.inputs.insert(wire),
                (false, true) => wires.outputs.insert(wire),
                (false, false) => wires.inner.insert(wire),
            };
        }
        wires
    }
}

/// A piece under construction.
struct Build<'a> {
    parts: &'a Parts,
    instances: &'a Arena<Instance>,
    wires: &'a Wires,
}

impl Build<'_> {
    fn module(&self, groups: &[Group]) -> Result<Module, String> {
        let mut nets = Arena::default();
        let net = |nets: &mut Arena<Net>, name: &str, wires: &IndexSet<usize>| {
            let (nature, width) = (Nature::Voltage, wires.len() as u32);
            let net = Net { nature, width, range: None, origin: Origin::Library };
            (width > 0).then(|| nets.insert(name, net).expect("three names"))
        };
        let [x, y, inner] =
            [("x", &self.wires.inputs), ("y", &self.wires.outputs), ("inner", &self.wires.inner)]
                .map(|(name, wires)| net(&mut nets, name, wires));
        let mut instances = Arena::default();
        for part in groups.iter().flat_map(|group| &group.parts) {
            let part = &self.parts.parts[*part];
            let (name, instance) = self.instance(part, [x, y, inner]);
            let taken = |_| format!("two parts are called `{name}`; rename one");
            instances.insert(name.clone(), instance).map_err(taken)?;
        }
        let port = |net: Option<Id<Net>>, direction| net.map(|net| Port { net, direction });
        let ports = [port(x, Direction::Input), port(y, Direction::Output)].into_iter().flatten().collect();
        Ok(Module {
            doc: "a piece of a module, solved on its own".into(),
            section: "cells".into(),
            ports,
            params: IndexMap::new(),
            nets,
            instances,
            origin: Origin::Library,
        })
    }

    fn instance(&self, part: &Part, nets: [Option<Id<Net>>; 3]) -> (String, Instance) {
        let (name, whole) = (self.instances.name(part.instance), &self.instances[part.instance]);
        let value = |values: &Vec<f64>| vec![values[part.copy as usize % values.len()]];
        let instance = Instance {
            element: whole.element.clone(),
            count: 1,
            array: false,
            pins: part.pins.iter().map(|(_, bits)| self.rewired(bits, nets)).collect(),
            args: whole.args.iter().map(|(name, values)| (name.clone(), value(values))).collect(),
            origin: whole.origin.clone(),
        };
        (copy(name, whole.array, part.copy), instance)
    }

    fn rewired(&self, bits: &Bits, [x, y, inner]: [Option<Id<Net>>; 3]) -> Bits {
        let mut rewired = Bits::new();
        for slice in bits {
            if let Slice::Supply(_) = slice {
                rewired.push(*slice);
                continue;
            }
            let slice = vec![*slice];
            for wire in self.parts.wires_of(&slice) {
                let at = |wires: &IndexSet<usize>, net: Option<Id<Net>>| {
                    Some(Slice::Net { net: net?, start: wires.get_index_of(&wire)? as u32, len: 1 })
                };
                let found = at(&self.wires.inputs, x).or_else(|| at(&self.wires.outputs, y));
                rewired.push(found.or_else(|| at(&self.wires.inner, inner)).expect("every wire has a place"));
            }
        }
        rewired
    }
}
