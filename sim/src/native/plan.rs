//! The steps that evaluate a circuit with frame memories, and the program of each.
//!
//! A group of units is compiled as one program; a module that is a group of its own is compiled once, however often
//! it occurs.

use super::elaborate::{Driver, Elaborated, Unit};
use super::flatten::{Flattener, of_copy, params};
use super::names::Place;
use super::options::Setting;
use super::order::{Set, analog, ordered};
use super::program::Operand;
use super::state::Layout;
use super::{Error, Program};
use memloom_ir::{Design, Direction, Element, Id, Module, Nature};
use rayon::prelude::*;
use std::collections::HashMap;

/// What is done next.
pub(super) enum Item {
    /// A channel of a frame memory, by number: its taps may be read from here on.
    Channel(u32),
    /// A step, by number.
    Step(u32),
}

/// One run of a program.
pub(super) struct Step {
    /// Number of the block, for its tally.
    pub(super) block: u32,
    /// Number of the program.
    pub(super) program: u32,
    /// Wire of each input.
    pub(super) inputs: Vec<u32>,
    /// Wire of each output.
    pub(super) outputs: Vec<u32>,
}

/// Steps and programs.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) items: Vec<Item>,
    pub(super) steps: Vec<Step>,
    pub(super) programs: Vec<Program>,
    /// Names of the blocks: instances, or the first of each group.
    pub(super) blocks: Vec<String>,
}

/// What to compile.
enum Job {
    Module {
        id: Id<Module>,
        params: Vec<f64>,
        /// Path of the copy whose parts it has, on a chip; else empty.
        path: String,
    },
    /// `currents` are the wires that current inputs enter; they come after the `inputs`.
    Group { units: Vec<usize>, inputs: Vec<u32>, currents: Vec<u32>, outputs: Vec<u32> },
}

impl Plan {
    /// The rail that signals of `circuit` are drawn about, volts: what frame memories refer to, or activations.
    pub(super) fn reference(&self, circuit: &Elaborated<'_>) -> Option<f64> {
        let rail = |wire: u32| match circuit.driver[wire as usize] {
            Driver::Supply(volts) => Some(volts),
            _ => None,
        };
        let of_frames = circuit.channels.iter().find_map(|channel| rail(channel.v_ref));
        let maps = || self.programs.iter().flat_map(|program| &program.maps);
        of_frames.or_else(|| {
            maps().find_map(|map| match map.v_ref {
                Operand::Volts(volts) => Some(volts),
                Operand::Slot(_) => None,
            })
        })
    }

    /// Where the noise of the next step starts if that of `step` starts at `position`: a number is drawn for each row
    /// and tick.
    pub(super) fn next_position(&self, position: u32, step: &Step, layout: &Layout) -> u32 {
        let ticks = step.outputs.first().map_or(1, |wire| layout.ticks(*wire));
        let rows = self.programs[step.program as usize].rows.offset.len();
        position.wrapping_add((rows * ticks) as u32)
    }
}

struct Planner<'a, 'd> {
    design: &'d Design,
    circuit: &'a Elaborated<'d>,
    plan: Plan,
    jobs: Vec<(Job, u32)>,
    /// Job of each module, by its parameters' bits and its path.
    of_module: HashMap<(Id<Module>, Vec<u64>, String), u32>,
    /// Whether each copy of a module has parts of its own.
    of_chip: bool,
    /// Free wires that another group, a frame memory or an output port reads.
    read: Vec<bool>,
}

/// Plans `circuit`, an elaboration of `design`.
pub(super) fn plan<'d>(
    design: &'d Design,
    circuit: &Elaborated<'d>,
    setting: Setting<'_>,
) -> Result<Plan, Error> {
    let sets = ordered(design, circuit)?;
    let read = read_from_outside(design, circuit, &sets);
    let (plan, jobs, of_module) = (Plan::default(), Vec::new(), HashMap::new());
    let of_chip = setting.chip.is_some();
    let mut planner = Planner { design, circuit, plan, jobs, of_module, of_chip, read };
    for set in sets {
        match set {
            Set::Channel(channel) => planner.plan.items.push(Item::Channel(channel)),
            Set::Units(units) => planner.units(units),
        }
    }
    let Planner { mut plan, jobs, .. } = planner;
    let compile = |(job, block): &(Job, u32)| {
        compile(design, circuit, job, setting).map_err(|error| Error::Within {
            block: plan.blocks[*block as usize].clone(),
            error: Box::new(error),
        })
    };
    let programs: Vec<_> = jobs.par_iter().map(compile).collect();
    plan.programs = programs.into_iter().collect::<Result<_, _>>()?;
    Ok(plan)
}

/// Free wires that are read outside the set of units that solves them.
fn read_from_outside(design: &Design, circuit: &Elaborated<'_>, sets: &[Set]) -> Vec<bool> {
    let mut set_of = vec![0; circuit.units.len()];
    for (index, set) in sets.iter().enumerate() {
        if let Set::Units(units) = set {
            units.iter().for_each(|unit| set_of[*unit] = index);
        }
    }
    let mut read = vec![false; circuit.driver.len()];
    for (index, unit) in circuit.units.iter().enumerate() {
        for wire in analog(design, unit) {
            if let Driver::Free(owner) = circuit.driver[wire as usize] {
                read[wire as usize] |= set_of[owner as usize] != set_of[index];
            }
        }
    }
    let by_channels = circuit.channels.iter().flat_map(|channel| [channel.inp, channel.v_ref]);
    let by_ports = circuit.outputs.iter().flat_map(|port| port.wires.iter().copied());
    by_channels.chain(by_ports).for_each(|wire| read[wire as usize] = true);
    read
}

impl<'d> Planner<'_, 'd> {
    fn units(&mut self, units: Vec<usize>) {
        let block = self.plan.blocks.len() as u32;
        let first = &self.circuit.units[units[0]];
        self.plan.blocks.push(self.circuit.names.within(first.at, first.name));
        match self.alone(&units) {
            Some(id) => self.module(id, first, block),
            None => self.group(units, block),
        }
    }

    /// The module, if `units` is one that can be compiled out of context: all its inputs are voltages that others
    /// drive, its copies have the same parameters.
    fn alone(&self, units: &[usize]) -> Option<Id<Module>> {
        let [unit] = units else { return None };
        let own = [Driver::Unit(*unit as u32), Driver::Free(*unit as u32)];
        let unit = &self.circuit.units[*unit];
        let Element::Module(id) = unit.instance.element else { return None };
        let module = &self.design.modules[id];
        let plain =
            |port: &memloom_ir::Port, wires: &[u32]| match (port.direction, module.nets[port.net].nature) {
                (_, Nature::Select) => true,
                (Direction::Input, Nature::Voltage) => {
                    !wires.iter().any(|wire| own.contains(&self.circuit.driver[*wire as usize]))
                }
                (direction, nature) => direction == Direction::Output && nature == Nature::Voltage,
            };
        let alike = unit.instance.args.values().all(|values| values.len() == 1);
        (alike && module.ports.iter().zip(&unit.pins).all(|(port, wires)| plain(port, wires))).then_some(id)
    }

    fn module(&mut self, id: Id<Module>, unit: &Unit<'d>, block: u32) {
        let module = &self.design.modules[id];
        let params = params(module, &unit.instance.args, 0);
        let count = unit.instance.count;
        for copy in 0..count {
            let path = self.path(unit, copy);
            let key = (id, params.iter().map(|p| p.to_bits()).collect(), path);
            let jobs = &mut self.jobs;
            let program = *self.of_module.entry(key).or_insert_with_key(|(_, _, path)| {
                jobs.push((Job::Module { id, params: params.clone(), path: path.clone() }, block));
                jobs.len() as u32 - 1
            });
            let wires = |wanted: Direction| {
                let ports = module.ports.iter().zip(&unit.pins);
                let analog = ports
                    .filter(|(p, _)| p.direction == wanted && module.nets[p.net].nature != Nature::Select);
                let of_port = |(port, wires): (&memloom_ir::Port, &'_ Vec<u32>)| {
                    of_copy(wires, copy, count, module.nets[port.net].width).to_vec()
                };
                analog.flat_map(of_port).collect()
            };
            self.step(Step {
                block,
                program,
                inputs: wires(Direction::Input),
                outputs: wires(Direction::Output),
            });
        }
    }

    /// Where copy `copy` of a unit stands, if that matters.
    fn path(&self, unit: &Unit<'d>, copy: u32) -> String {
        if !self.of_chip {
            return String::new();
        }
        let name = self.circuit.names.within(unit.at, unit.name);
        if unit.instance.array { format!("{name}[{copy}]") } else { name }
    }

    fn group(&mut self, units: Vec<usize>, block: u32) {
        let mut touched: Vec<u32> =
            units.iter().flat_map(|unit| analog(self.design, &self.circuit.units[*unit])).collect();
        touched.sort_unstable();
        touched.dedup();
        let driver = |wire: &u32| self.circuit.driver[*wire as usize];
        let inside = |wire: &u32| match driver(wire) {
            Driver::Unit(unit) | Driver::Free(unit) => units.binary_search(&(unit as usize)).is_ok(),
            _ => false,
        };
        let is_input = |wire: &u32| !inside(wire) && !matches!(driver(wire), Driver::Supply(_));
        // Voltage sources are always given; free nodes if someone outside reads them.
        let is_output = |wire: &u32| {
            inside(wire) && (matches!(driver(wire), Driver::Unit(_)) || self.read[*wire as usize])
        };
        let inputs: Vec<u32> = touched.iter().copied().filter(is_input).collect();
        let outputs: Vec<u32> = touched.iter().copied().filter(is_output).collect();
        let (currents, sources): (Vec<u32>, Vec<u32>) =
            self.circuit.injected.iter().filter(|(wire, _)| inside(wire)).copied().unzip();
        let given = [inputs.clone(), sources].concat();
        let program = self.jobs.len() as u32;
        let job = Job::Group { units, inputs, currents, outputs: outputs.clone() };
        self.jobs.push((job, block));
        self.step(Step { block, program, inputs: given, outputs });
    }

    fn step(&mut self, step: Step) {
        self.plan.items.push(Item::Step(self.plan.steps.len() as u32));
        self.plan.steps.push(step);
    }
}

fn compile<'d>(
    design: &'d Design,
    circuit: &Elaborated<'d>,
    job: &Job,
    setting: Setting<'_>,
) -> Result<Program, Error> {
    let (units, inputs, currents, outputs) = match job {
        Job::Module { id, params, path } => {
            return Program::of_module(design, *id, params, setting, path);
        }
        Job::Group { units, inputs, currents, outputs } => (units, inputs, currents, outputs),
    };
    let mut flattener = Flattener::new(design, setting, "");
    let mut node_of: HashMap<u32, u32> = (0..design.supplies.len() as u32).map(|wire| (wire, wire)).collect();
    let mut node = |flattener: &mut Flattener<'d, '_>, wire: u32| {
        *node_of.entry(wire).or_insert_with(|| flattener.nodes(Place::ROOT, circuit.names.node(wire), 1))
    };
    for (wires, nature) in [(inputs, Nature::Voltage), (currents, Nature::Current)] {
        for wire in wires {
            let at = node(&mut flattener, *wire);
            flattener.input(at, nature)?;
        }
    }
    for unit in units.iter().map(|unit| &circuit.units[*unit]) {
        let to_nodes =
            |wires: &Vec<u32>| wires.iter().map(|wire| node(&mut flattener, *wire)).collect::<Vec<_>>();
        let pins: Vec<_> = unit.pins.iter().map(to_nodes).collect();
        let at = match unit.at {
            Place::ROOT => Place::ROOT,
            outer => flattener.flat.names.place(Place::ROOT, circuit.names.path(outer), None),
        };
        flattener.instance(at, unit.name, unit.instance, &pins, (unit.module, &unit.params))?;
    }
    flattener.flat.outputs = outputs.iter().map(|wire| node(&mut flattener, *wire)).collect();
    Program::of_flat(flattener.flat, setting)
}
