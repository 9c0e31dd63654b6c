//! Cuts a module where nothing acts backwards, into pieces that a simulator solves one after the other.
//!
//! The output of an op-amp or of a behavioural block is an ideal source, and their inputs draw no current at DC. So what
//! reads such a net does not act on what drives it, and the module falls, without any approximation, into groups of
//! parts that do act on each other: a row driver, or a tile with its column amplifiers. Each needs the voltages that
//! those before it found, and nothing else.
//!
//! It is worth the while because the effort of a sparse solver grows faster than what it solves, most of all with wires that
//! have a hundred branches, as driven wordlines do.
//!
//! Modules that hold crossbars are dissolved, all others stay the subcircuits that a build writes.

mod groups;
mod parts;
mod pieces;
mod roles;
#[cfg(test)]
mod tests;

use crate::error::Error;
use crate::inline::dissolve;
use crate::name::bit;
use crate::netlist::reachable;
use groups::Groups;
use memloom_ir::{Design, Direction, Element, Id, Module, Nature};
use parts::Parts;
use std::borrow::Cow;

/// How fine a module is cut. Sizes count cells, resistors, amplifiers and the like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grain {
    /// A module of no more than this stays whole.
    pub whole: u64,
    /// Groups that follow each other are one as long as they have no more than this together: so little is solved at once
    /// as fast as apart.
    pub joined: u64,
    /// Groups that do not depend on each other share a piece until it has this many.
    pub piece: u64,
}

impl Default for Grain {
    /// About a tile of 128 x 128 cells to a piece.
    fn default() -> Self {
        Self { whole: 2000, joined: 100, piece: 8000 }
    }
}

/// A part of a cut module, a module itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The module, one of [`Cut::design`].
    pub module: Id<Module>,
    /// The wires of the cut module that its inputs are, in the order of its input ports.
    pub inputs: Vec<usize>,
    /// The wires that its outputs are.
    pub outputs: Vec<usize>,
}

/// A module in pieces.
#[derive(Debug, Clone)]
pub struct Cut<'d> {
    design: Cow<'d, Design>,
    inputs: Vec<usize>,
    outputs: Vec<(String, usize)>,
    wires: usize,
    steps: Vec<Vec<Piece>>,
}

impl<'d> Cut<'d> {
    /// Cuts `module` of `design`. One with other inputs than voltages stays whole.
    ///
    /// # Errors
    /// [`Error::Testbench`] if a piece would have the name of a module that there is.
    pub fn new(design: &'d Design, module: Id<Module>, grain: Grain) -> Result<Self, Error> {
        let inventory = design.inventory(module);
        if size(&inventory) <= grain.whole || !has_voltages(design, module) {
            return Ok(Self::whole(design, module));
        }
        let name = design.modules.name(module);
        let fail = |what| Error::Testbench { module: name.into(), what };
        let live = reachable(design, module);
        let mut opened = with_crossbar(design);
        opened[module.index()] = true;
        let mut flat = dissolve(design, &opened, &live, Some(module)).map_err(|(_, what)| fail(what))?;
        let parts = Parts::new(&flat, module);
        let groups = Groups::new(&parts, &grain);
        let steps = pieces::build(&mut flat, module, &parts, &groups, &grain).map_err(fail)?;
        let (inputs, outputs) = (parts.inputs.clone(), named(design, module, &parts.outputs));
        Ok(Self { design: Cow::Owned(flat), inputs, outputs, wires: parts.wires, steps })
    }

    /// The module as the only piece.
    fn whole(design: &'d Design, module: Id<Module>) -> Self {
        let count = |direction| -> usize {
            let ports = design.modules[module].ports.iter().filter(|port| port.direction == direction);
            ports.map(|port| design.modules[module].nets[port.net].width as usize).sum()
        };
        let (inputs, wires) = (count(Direction::Input), count(Direction::Input) + count(Direction::Output));
        let (inputs, outputs): (Vec<_>, Vec<_>) = ((0..inputs).collect(), (inputs..wires).collect());
        let named = named(design, module, &outputs);
        let piece = Piece { module, inputs: inputs.clone(), outputs };
        Self { design: Cow::Borrowed(design), inputs, outputs: named, wires, steps: vec![vec![piece]] }
    }

    /// The design that the pieces are modules of.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// The wires that the module's inputs are, in port order, bit 0 first.
    pub fn inputs(&self) -> &[usize] {
        &self.inputs
    }

    /// The names of the module's voltage outputs, in port order, and the wires that they are.
    pub fn outputs(&self) -> &[(String, usize)] {
        &self.outputs
    }

    /// How many wires the module has: pieces count them from 0.
    pub fn wires(&self) -> usize {
        self.wires
    }

    /// The pieces: those of a step read the module's inputs and what those of steps before it drive.
    pub fn steps(&self) -> &[Vec<Piece>] {
        &self.steps
    }
}

/// What counts in a [`Grain`].
fn size(inventory: &memloom_ir::Inventory) -> u64 {
    let memloom_ir::Inventory { memristors, resistors, capacitors, op_amps, behaviours, .. } = *inventory;
    memristors + resistors + capacitors + op_amps + behaviours + inventory.foreign + inventory.holds
}

/// Whether all ports are voltages, in or out.
fn has_voltages(design: &Design, module: Id<Module>) -> bool {
    let module = &design.modules[module];
    module
        .ports
        .iter()
        .all(|port| module.nets[port.net].nature == Nature::Voltage && port.direction != Direction::Passive)
}

/// Per module: whether there is a crossbar in it.
fn with_crossbar(design: &Design) -> Vec<bool> {
    let mut has: Vec<bool> = Vec::with_capacity(design.modules.len());
    for (.., module) in design.modules.iter() {
        // A module stands after those that it uses.
        let here = module.instances.iter().any(|(.., instance)| match &instance.element {
            Element::Crossbar(_) => true,
            Element::Module(id) => has[id.index()],
            _ => false,
        });
        has.push(here);
    }
    has
}

/// The wires of the voltage outputs of `module`, with their names.
fn named(design: &Design, module: Id<Module>, wires: &[usize]) -> Vec<(String, usize)> {
    let module = &design.modules[module];
    let ports = module.ports.iter().filter(|port| port.direction == Direction::Output);
    let names = ports.flat_map(|port| {
        let (name, width) = (module.nets.name(port.net), module.nets[port.net].width);
        (0..width).map(move |b| bit(name, width, b))
    });
    names.zip(wires.iter().copied()).collect()
}
