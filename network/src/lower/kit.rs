//! A technology's blocks as modules and models of one design.

use super::Unmet;
use super::amplifier::Amplifier;
use memloom_ir::blocks::{self, Parts};
use memloom_ir::technology::{Named, TechnologySpec};
use memloom_ir::{Behaviour, BuildError, Cell, Design, Function, Id, Module, Origin, Supply};
use std::collections::HashMap;

use crate::graph::Act;
use crate::plan::Plan;

/// Wordlines of bias cells in each direction, and what part of `v_read` the rail of each is: one over this.
///
/// A bias is often a small part of what a wordline may carry, and would be lost between a cell's levels; on a lower rail it
/// takes a cell as large as others. An op-amp's offset, though, can ask for more current than a cell at `v_read` carries,
/// `offset (1 / r_f + sum(G))`: a column of 60 cells of 66 uS takes 12 uA for 3 mV, and two cells carry 40 uA.
pub(super) const BIAS_PARTS: [f64; 4] = [1.0, 1.0, 4.0, 16.0];

/// The blocks that layers are made of.
pub(super) struct Kit {
    pub(super) technology: TechnologySpec,
    /// Whether cells compensate their wires.
    pub(super) compensate: bool,
    /// The op-amp of all blocks, as far as it is compensated.
    pub(super) amplifier: Amplifier,
    pub(super) cell: Id<Cell>,
    pub(super) v_ref: Id<Supply>,
    pub(super) follower: Id<Module>,
    pub(super) inverter: Id<Module>,
    pub(super) row_driver: Id<Module>,
    pub(super) tia: Id<Module>,
    pub(super) differential_tia: Id<Module>,
    pub(super) adder: Id<Module>,
    pub(super) multiplier: Id<Behaviour>,
    activations: HashMap<Function, Id<Behaviour>>,
    parts: Parts,
    summers: HashMap<u32, Id<Module>>,
    /// Tiles built so far that lose what could not be compensated.
    pub(super) unmet: Vec<Unmet>,
}

impl Kit {
    pub(super) fn new(design: &mut Design, plan: &Plan) -> Result<Self, BuildError> {
        let technology = &plan.technology;
        let readout = &technology.readout.spec;
        for (rail, volts) in &plan.technology.supplies {
            blocks::supply(design, rail, *volts)?;
        }
        design.sample_hold = plan.technology.sample_hold;
        let v_ref = blocks::supply(design, "v_ref", readout.v_ref)?;
        let amp = blocks::op_amp(design, &readout.op_amp)?;
        let gain = if plan.compensate { readout.op_amp.spec.gain } else { f64::INFINITY };
        let amplifier = Amplifier { gain, most: technology.r_f.1 };
        let r = technology.r_unit;
        let parts = Parts { amp, v_ref, r, r_f: amplifier.inverter(r) };
        // An inverter on its own loses what a follower does, so that both rails of all inputs are alike.
        let alone = Parts { r_f: amplifier.feedback(r * amplifier.follower(), r.recip()), ..parts };
        let pair = format!("{}_pair", technology.readout.name);
        Ok(Self {
            cell: blocks::cell(design, &technology.cell)?,
            v_ref,
            follower: blocks::follower(design, "follower", parts)?,
            inverter: blocks::inverter(design, "inverter", alone)?,
            row_driver: blocks::row_driver(design, "row_driver", parts)?,
            tia: blocks::tia(design, &technology.readout, Origin::Library)?,
            differential_tia: blocks::differential_tia(design, &pair, readout, Origin::Library)?,
            adder: blocks::adder(design, "adder", parts)?,
            multiplier: blocks::behaviour(design, &technology.multiplier)?,
            activations: circuits(design, &technology.functions)?,
            parts,
            summers: HashMap::new(),
            unmet: Vec::new(),
            technology: technology.clone(),
            compensate: plan.compensate,
            amplifier,
        })
    }

    /// The constant input of bias cells on wordline `step`, a part of `v_read` above `v_ref`, or inverted as far below;
    /// added when first asked for.
    pub(super) fn bias(
        &self,
        design: &mut Design,
        inverted: bool,
        step: usize,
    ) -> Result<Id<Supply>, BuildError> {
        let parts = BIAS_PARTS[step];
        let height = self.technology.cell.spec.v_read / parts;
        let (sign, volts) = if inverted { ('n', -height) } else { ('p', height) };
        let name = if parts == 1.0 { format!("bias_{sign}") } else { format!("bias_{sign}{parts}") };
        blocks::supply(design, &name, self.technology.readout.spec.v_ref + volts)
    }

    /// The circuit of an activation; the plan has seen to it that there is one.
    pub(super) fn activation(&self, act: Act) -> Id<Behaviour> {
        self.activations[&act.function()]
    }

    /// The summing amplifier of `inputs` inputs.
    pub(super) fn summer(&mut self, design: &mut Design, inputs: u32) -> Result<Id<Module>, BuildError> {
        if let Some(id) = self.summers.get(&inputs) {
            return Ok(*id);
        }
        let id = blocks::summer(design, &format!("sum_{inputs}"), inputs, self.parts)?;
        self.summers.insert(inputs, id);
        Ok(id)
    }
}

/// The circuits of a technology by what they compute.
fn circuits(
    design: &mut Design,
    functions: &[Named<Behaviour>],
) -> Result<HashMap<Function, Id<Behaviour>>, BuildError> {
    functions.iter().map(|circuit| Ok((circuit.spec.function, blocks::behaviour(design, circuit)?))).collect()
}
