//! The manifest of a build: what it was made from and what it is made of. Its files are added when it is written.

use crate::account::Accounts;
use crate::compare::Comparison;
use crate::preface::Preface;
use crate::reading::Reading;
use memloom::ir::CellNetlist;
use memloom_codegen::WrittenFile;
use memloom_flow::output::Listed;
use memloom_flow::{Finding, Lowered};
use memloom_network::Verdict;
use memloom_network::plan::LayerPlan;
use memloom_network::technologies::verdicts;
use serde::Serialize;

#[derive(Debug, Serialize)]
pub(crate) struct Manifest {
    model: Model,
    network: Preface,
    technology: Technology,
    /// Which cells are good enough as transistors, where that was measured.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cells: Vec<Verdict>,
    calibration: Calibration,
    mapping: &'static str,
    batch_norm: &'static str,
    plan: Vec<Layer>,
    findings: Vec<Finding>,
    parts: Accounts,
    read_disturb: Reading,
    pub(crate) check: Comparison,
}

#[derive(Debug, Serialize)]
struct Model {
    name: String,
    sha256: String,
    arch: String,
    input: String,
    classes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct Technology {
    name: String,
    scheme: &'static str,
    tile: [u32; 2],
    cell: String,
    cells: CellNetlist,
    g_min_siemens: f64,
    g_max_siemens: f64,
    v_read_volts: f64,
    v_ref_volts: f64,
    op_amp: String,
    op_amp_gain: f64,
    r_wordline_ohm: f64,
    r_bitline_ohm: f64,
    r_driver_ohm: f64,
    r_sense_ohm: f64,
    r_contact_ohm: f64,
    c_wire_farad: f64,
    c_cell_farad: f64,
}

#[derive(Debug, Serialize)]
struct Calibration {
    source: String,
    images: usize,
}

/// Units of one layer, volts per 1.0; negative where the signal is inverted.
#[derive(Debug, Serialize)]
struct Layer {
    name: String,
    tiles: usize,
    pre_volts: Option<f64>,
    partial_volts: Option<f64>,
    out_volts: f64,
}

impl Manifest {
    pub(crate) fn new(job: &Lowered, parts: Accounts, read_disturb: Reading, check: Comparison) -> Self {
        let settings = &job.source.network.settings;
        Self {
            model: Model {
                name: job.source.name.clone(),
                sha256: job.source.hash.clone(),
                arch: settings.arch.to_string(),
                input: settings.input.to_string(),
                classes: settings.classes.clone(),
            },
            network: Preface::of(&job.source, &job.ranges, None),
            technology: technology(job),
            cells: verdicts(&job.plan.technology.name),
            calibration: Calibration { source: job.ranges.source.clone(), images: job.ranges.images },
            mapping: "stationary",
            batch_norm: "folded",
            plan: job.plan.layers.iter().map(layer).collect(),
            findings: job.findings.clone(),
            parts,
            read_disturb,
            check,
        }
    }
}

/// The files of a build as its manifest lists them.
pub(crate) fn listed(files: &[WrittenFile]) -> Vec<Listed> {
    let list = |f: &WrittenFile| Listed { path: f.path.clone(), bytes: f.bytes, sha256: f.sha256.clone() };
    files.iter().map(list).collect()
}

fn technology(job: &Lowered) -> Technology {
    let t = &job.plan.technology;
    let (cell, readout, parasitics) = (&t.cell.spec, &t.readout.spec, &t.parasitics);
    Technology {
        name: t.name.clone(),
        scheme: t.signed.name(),
        tile: [t.tile.0, t.tile.1],
        cell: t.cell.name.clone(),
        cells: cell.netlist,
        g_min_siemens: cell.g_min,
        g_max_siemens: cell.g_max,
        v_read_volts: cell.v_read,
        v_ref_volts: readout.v_ref,
        op_amp: readout.op_amp.name.clone(),
        op_amp_gain: readout.op_amp.spec.gain,
        r_wordline_ohm: parasitics.r_wordline.get(),
        r_bitline_ohm: parasitics.r_bitline.get(),
        r_driver_ohm: parasitics.r_driver.get(),
        r_sense_ohm: parasitics.r_sense.get(),
        r_contact_ohm: parasitics.r_contact.get(),
        c_wire_farad: parasitics.c_wire.get(),
        c_cell_farad: parasitics.c_cell.get(),
    }
}

fn layer(plan: &LayerPlan) -> Layer {
    let matrix = plan.matrix.as_ref();
    Layer {
        name: plan.name.clone(),
        tiles: matrix.map_or(0, |m| m.blocks * m.grid.tiles()),
        pre_volts: matrix.map(|m| m.pre.volts()),
        partial_volts: matrix.filter(|m| m.summed).map(|m| m.partial),
        out_volts: plan.output.volts(),
    }
}
