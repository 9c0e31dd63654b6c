//! A combinational circuit as a straight list of operations on slots.

use super::flat::{Flat, Map, Source};
use super::flatten::Flattener;
use super::flicker::flicker;
use super::levers::Levers;
use super::newton::Nonlinear;
use super::noise::{NoiseSources, RowNoise};
use super::options::Setting;
use super::reduce::reduce;
use super::solve::{Row, Solved, Solver};
use super::topology::{System, Topology};
use super::{Error, Options, cells};
use memloom_ir::{self as ir, Design, Id, Module};
use rayon::prelude::*;

/// Systems solved by one thread before it takes the next ones.
const SYSTEMS: usize = 16;

/// One operation. The slot it writes is the number of inputs plus its place in the list.
pub(super) enum Op {
    /// Row of [`Program::rows`], by number.
    Row(u32),
    /// Element of [`Program::maps`], by number.
    Map(u32),
    /// Element of [`Program::systems`], by number, which also writes the slots of the [`Op::Solved`] after it.
    System(u32),
    /// A slot that the system before it has written.
    Solved,
}

/// A behavioural block on slots.
pub(super) struct MapOp {
    pub(super) function: ir::Function,
    pub(super) inputs: [Operand; 2],
    pub(super) v_ref: Operand,
    pub(super) unit_in: f64,
    pub(super) unit_out: f64,
    pub(super) offset: f64,
    pub(super) swing: (f64, f64),
}

/// A slot, or a supply's voltage.
#[derive(Debug, Clone, Copy)]
pub(super) enum Operand {
    Slot(u32),
    Volts(f64),
}

/// Affine rows, joined end to end.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) start: Vec<usize>,
    pub(super) slot: Vec<u32>,
    pub(super) coefficient: Vec<f64>,
    pub(super) offset: Vec<f64>,
    pub(super) swing: Vec<(f64, f64)>,
    /// Volts per ampere into the op-amp's inverting node.
    pub(super) reach: Vec<f64>,
    pub(super) partner: Vec<Option<(u32, f64)>>,
    /// One per row on a chip with noise, else none.
    pub(super) noise: Vec<RowNoise>,
}

/// The lines of a crossbar, for the largest cell voltage.
pub(super) struct Lines {
    pub(super) rows: Vec<Operand>,
    pub(super) cols: Vec<Operand>,
}

/// A combinational circuit, compiled: from the values of its inputs to those of its outputs.
///
/// Inputs are the wires of the voltage and current input ports in port order, in volts and amperes; outputs those
/// of the voltage output ports.
pub struct Program {
    pub(super) inputs: u32,
    pub(super) ops: Vec<Op>,
    pub(super) rows: Rows,
    pub(super) maps: Vec<MapOp>,
    /// Systems with devices in them.
    pub(super) systems: Vec<Nonlinear>,
    pub(super) outputs: Vec<Operand>,
    pub(super) watched: Vec<Lines>,
    /// If the setting asks for them.
    pub(super) levers: Option<Levers>,
}

impl Program {
    /// Compiles a module that holds no frame memory, with its parameters at their defaults.
    ///
    /// # Errors
    /// If the module's circuit has no unique operating point, or loops through a behavioural block.
    pub fn compile(design: &Design, module: Id<Module>, options: &Options) -> Result<Self, Error> {
        let params: Vec<f64> = design.modules[module].params.values().copied().collect();
        Self::of_module(design, module, &params, Setting::new(options, None), "")
    }

    pub(super) fn of_module(
        design: &Design,
        module: Id<Module>,
        params: &[f64],
        setting: Setting<'_>,
        path: &str,
    ) -> Result<Self, Error> {
        Self::of_flat(Flattener::new(design, setting, path).module(module, params)?, setting)
    }

    pub(super) fn of_flat(mut flat: Flat<'_>, setting: Setting<'_>) -> Result<Self, Error> {
        flat.injected.sort_unstable();
        cells::place(&mut flat);
        cells::refuse_noise(&flat, setting)?;
        flicker(&mut flat, setting);
        reduce_wired(&mut flat)?;
        let is_free = |node: &u32| flat.source[*node as usize] == Source::Free;
        let noise = NoiseSources::new(&flat, setting);
        let watched: Vec<u32> = match setting.options.watch_cells {
            true => flat
                .arrays
                .iter()
                .flat_map(|a| a.rows.iter().chain(&a.cols).copied())
                .filter(is_free)
                .collect(),
            false => Vec::new(),
        };
        let topology = Topology::new(&flat, &watched)?;
        let compiler = Compiler::new(&flat, &topology, noise.as_ref());
        let program = compiler.program(setting.options.watch_cells)?;
        Ok(if setting.levers {
            Program { levers: Some(compiler.levers(&program)), ..program }
        } else {
            program
        })
    }

    /// Number of input values.
    pub fn input_count(&self) -> usize {
        self.inputs as usize
    }

    /// Number of output values.
    pub fn output_count(&self) -> usize {
        self.outputs.len()
    }

    /// Multiply-adds of one evaluation; a device counts as one.
    pub fn multiply_adds(&self) -> usize {
        self.rows.slot.len() + self.systems.iter().map(|system| system.parts.len()).sum::<usize>()
    }
}

/// Replaces each crossbar with wires by the conductances between its ports.
fn reduce_wired(flat: &mut Flat<'_>) -> Result<(), Error> {
    let is_free = |node: u32| flat.source[node as usize] == Source::Free;
    let wired =
        flat.arrays.par_iter().filter(|array| array.crossbar.parasitics().has_lines() && !array.placed);
    let edges: Vec<_> = wired.map(|array| reduce(flat, array, is_free)).collect();
    for edges in edges {
        flat.resistors.extend(edges?);
    }
    Ok(())
}

/// Gives every voltage that is needed a slot, then solves the systems.
struct Compiler<'a, 'd> {
    flat: &'a Flat<'d>,
    topology: &'a Topology,
    noise: Option<&'a NoiseSources>,
    slot_of: Vec<u32>,
    slots: usize,
}

impl<'a, 'd> Compiler<'a, 'd> {
    fn new(flat: &'a Flat<'d>, topology: &'a Topology, noise: Option<&'a NoiseSources>) -> Self {
        let mut slot_of = vec![u32::MAX; flat.source.len()];
        for (node, source) in flat.source.iter().enumerate() {
            if let Source::Input(input) = source {
                slot_of[node] = *input;
            }
        }
        let mut slots = flat.inputs;
        let mut give = |node: u32| {
            slot_of[node as usize] = slots;
            slots += 1;
        };
        for system in &topology.systems {
            system.amps.iter().for_each(|amp| give(flat.amps[*amp as usize].out));
            system.free.iter().filter(|node| topology.read[**node as usize]).for_each(|node| give(*node));
            system.map.iter().for_each(|map| give(flat.maps[*map as usize].out));
        }
        Self { flat, topology, noise, slot_of, slots: slots as usize }
    }

    fn program(&self, watch: bool) -> Result<Program, Error> {
        let mut program = Program {
            inputs: self.flat.inputs,
            ops: Vec::with_capacity(self.slots),
            rows: Rows { start: vec![0], ..Rows::default() },
            maps: Vec::new(),
            systems: Vec::new(),
            outputs: self.operands(&self.flat.outputs),
            watched: Vec::new(),
            levers: None,
        };
        for (system, solved) in self.topology.systems.iter().zip(self.solve()?) {
            match solved {
                Solved::Rows(rows) => {
                    rows.into_iter().for_each(|row| program.push_row(row, self.noise.is_some()))
                }
                Solved::Devices(systems) => systems.into_iter().for_each(|s| program.push_system(s)),
            }
            if let Some(map) = system.map {
                program.ops.push(Op::Map(program.maps.len() as u32));
                program.maps.push(self.map(&self.flat.maps[map as usize]));
            }
        }
        if watch {
            let lines = |a: &super::flat::Array<'_>| Lines {
                rows: self.operands(&a.rows),
                cols: self.operands(&a.cols),
            };
            program.watched = self.flat.arrays.iter().map(lines).collect();
        }
        Ok(program)
    }

    /// What every system comes to; the first error in the order of solution.
    fn solve(&self) -> Result<Vec<Solved>, Error> {
        let solver = || Solver::new(self.flat, self.topology, self.noise, &self.slot_of, self.slots);
        let systems = self.topology.systems.par_chunks(SYSTEMS);
        let solve = |solver: &mut Solver<'_, '_>, chunk: &[System]| {
            chunk.iter().map(|system| solver.system(system)).collect::<Vec<_>>()
        };
        let solved: Vec<_> = systems.map_init(solver, solve).collect();
        solved.into_iter().flatten().collect()
    }

    /// What offsets can be trimmed with: in the flat circuit, by way of the program's slots.
    fn levers(&self, program: &Program) -> Levers {
        Levers::new(self.flat, &self.slot_of, |amp| {
            let slot = self.slot_of[self.flat.amps[amp].out as usize];
            match program.ops.get((slot - self.flat.inputs) as usize) {
                Some(Op::Row(row)) => *row as usize,
                _ => unreachable!("an op-amp's output is a row"),
            }
        })
    }

    fn operand(&self, node: u32) -> Operand {
        match self.flat.source[node as usize] {
            Source::Supply(volts) => Operand::Volts(volts),
            _ => Operand::Slot(self.slot_of[node as usize]),
        }
    }

    fn operands(&self, nodes: &[u32]) -> Vec<Operand> {
        nodes.iter().map(|node| self.operand(*node)).collect()
    }

    fn map(&self, map: &Map) -> MapOp {
        MapOp {
            function: map.function,
            inputs: map.inputs.map(|node| self.operand(node)),
            v_ref: self.operand(map.v_ref),
            unit_in: map.unit_in,
            unit_out: map.unit_out,
            offset: map.offset,
            swing: map.swing,
        }
    }
}

impl Program {
    fn push_system(&mut self, system: Nonlinear) {
        self.ops.push(Op::System(self.systems.len() as u32));
        self.ops.extend(system.outputs.iter().skip(1).map(|_| Op::Solved));
        self.systems.push(system);
    }

    fn push_row(&mut self, row: Row, noisy: bool) {
        self.ops.push(Op::Row(self.rows.offset.len() as u32));
        self.rows.slot.extend(row.terms.iter().map(|(slot, _)| slot));
        self.rows.coefficient.extend(row.terms.iter().map(|(_, coefficient)| coefficient));
        self.rows.start.push(self.rows.slot.len());
        self.rows.offset.push(row.offset);
        self.rows.swing.push(row.swing);
        self.rows.reach.push(row.reach);
        self.rows.partner.push(row.partner);
        // Free nodes follow the op-amps and have no noise of their own.
        if noisy {
            self.rows.noise.push(row.noise.unwrap_or_default());
        }
    }
}
