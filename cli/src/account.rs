//! What a circuit is made of, and how that follows from its network.

use memloom::ir::Inventory;
use memloom_flow::Lowered;
use memloom_network::stage::{Stage, StageKind};
use serde::Serialize;

/// Amplifiers by what they do.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Role {
    /// The block's name in the netlists.
    pub(crate) block: String,
    /// What it is.
    pub(crate) what: String,
    /// How many there are.
    pub(crate) count: u64,
    /// Op-amps in all of them.
    pub(crate) op_amps: u64,
}

/// A number of the circuit beside the number that the network alone gives, and why they differ.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Account {
    /// What is counted.
    pub(crate) what: &'static str,
    /// In the circuit.
    pub(crate) circuit: u64,
    /// From the network: one device per weight, bias and pooling tap; one column per output.
    pub(crate) network: u64,
    /// Why they differ.
    pub(crate) why: &'static str,
}

/// One layer's part of the circuit.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct LayerCount {
    pub(crate) name: String,
    pub(crate) kind: &'static str,
    pub(crate) input: String,
    pub(crate) output: String,
    /// Pixels that pass through it, one after the other, per image.
    pub(crate) ticks: usize,
    pub(crate) parts: Inventory,
}

/// Everything counted.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Accounts {
    pub(crate) layers: Vec<LayerCount>,
    pub(crate) total: Inventory,
    /// Inverters, those in row drivers included.
    pub(crate) inverters: u64,
    pub(crate) amplifiers: Vec<Role>,
    pub(crate) accounts: Vec<Account>,
}

impl Accounts {
    /// Counts a job's circuit.
    pub(crate) fn of(job: &Lowered) -> Self {
        let design = &job.circuit.design;
        let top = design.top.expect("a circuit has a top");
        let occurrences = design.occurrences(top);
        let amplifiers: Vec<Role> = design
            .modules
            .iter()
            .filter(|(id, _, module)| module.section == "cells" && occurrences[id.index()] > 0)
            .map(|(id, name, module)| {
                let count = occurrences[id.index()];
                let op_amps = count * design.inventory(id).op_amps;
                Role { block: name.into(), what: module.doc.clone(), count, op_amps }
            })
            .collect();
        let of_block = |names: &[&str]| {
            amplifiers.iter().filter(|r| names.contains(&r.block.as_str())).map(|r| r.count).sum()
        };
        let total = design.inventory(top);
        let accounts = vec![
            Account {
                what: "memristors",
                circuit: total.memristors,
                network: job.source.stages.iter().map(|s| devices(s, |_| true)).sum(),
                why: "a weight too small for one cell above g_min takes a pair of cells; a zero weight takes none",
            },
            Account {
                what: "bitline readouts",
                circuit: readouts(job),
                network: job.source.stages.iter().map(columns).sum(),
                why: "each tile has its own readouts: a matrix with more inputs than a tile has wordlines is read per \
                      tile and summed",
            },
        ];
        let layers = job.circuit.tensors.iter().zip(&job.source.stages).filter_map(|(tensor, stage)| {
            Some(LayerCount {
                name: tensor.name.clone(),
                kind: memloom_network::plan::kind(stage),
                input: stage.in_shapes.first()?.to_string(),
                output: tensor.shape.to_string(),
                ticks: tensor.shape.plane(),
                parts: design.inventory(tensor.module?),
            })
        });
        let layers = layers.collect();
        Self { layers, total, inverters: of_block(&["inverter", "row_driver"]), amplifiers, accounts }
    }

    /// Cells that stand beside another to make a weight below `g_min`.
    pub(crate) fn partner_cells(&self, job: &Lowered) -> u64 {
        let placed: u64 = job.source.stages.iter().map(|s| devices(s, |w| w != 0.0)).sum();
        self.total.memristors - placed
    }
}

/// Weights and biases that `count` takes, and pooling taps.
fn devices(stage: &Stage, count: impl Fn(f64) -> bool) -> u64 {
    match &stage.kind {
        StageKind::Matrix(m) => m.weight.iter().chain(&m.bias).filter(|w| count(**w)).count() as u64,
        StageKind::Pool => stage.in_shapes[0].elements() as u64,
        _ => 0,
    }
}

fn columns(stage: &Stage) -> u64 {
    match &stage.kind {
        StageKind::Matrix(_) | StageKind::Pool => stage.out_shape.channels as u64,
        _ => 0,
    }
}

fn readouts(job: &Lowered) -> u64 {
    let of = |(layer, stage): (&memloom_network::plan::LayerPlan, &Stage)| {
        layer.matrix.as_ref().map_or(0, |m| columns(stage) * m.grid.inputs.len() as u64)
    };
    job.plan.layers.iter().zip(&job.source.stages).map(of).sum()
}
