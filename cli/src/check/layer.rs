//! Layers one by one, each driven by what the evaluator has at some pixels.

use super::{Check, Subject};
use crate::report::print;
use crate::{Result, decks, progress};
use memloom_flow::Lowered;
use memloom_network::lower::Tensor;
use memloom_sim::external::{Solved, check};
use memloom_sim::native::{Options, Program};
use rayon::prelude::*;
use serde::Serialize;

/// Largest difference of a linear layer's outputs, over their span or [`check::LEAST_SPAN`].
const LINEAR: f64 = 1e-6;
/// Largest difference of a layer's outputs behind activations, over their span.
const ACTIVATED: f64 = 1e-4;
/// The same of cells of transistors, of which the evaluator knows gain, offset and swing alone.
const TRANSISTORS: f64 = 1e-2;

const HEAD: &str = "layer          pixels outputs  difference     of span    limit  seconds\n";

/// One layer in a simulator.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    pub(super) layer: String,
    pixels: usize,
    outputs: usize,
    /// Largest difference from the native evaluator, volts.
    pub(super) volts: f64,
    /// The same over the span of the layer's outputs, which counts as a millivolt at least.
    pub(super) of_span: f64,
    /// What it may be.
    limit: f64,
    /// Outputs inside that met the end of their swing at these pixels, and by how much the furthest would have passed it.
    clipped: u64,
    beyond_volts: f64,
    /// How many decks the layer was cut into, and how long the simulator took for all of them.
    decks: usize,
    seconds: f64,
    pub(super) passed: bool,
}

/// Compares the layers asked for, side by side.
pub(super) fn check(check: &Check<'_>, json: bool) -> Result<Vec<Checked>> {
    let Check { args, simulator, subject: Subject { job, nets, .. } } = check;
    let layers = super::layers(job, &args.layers)?;
    if !json {
        print(HEAD)?;
    }
    let bar = progress::bar(layers.len() as u64, "simulating layers");
    let one = |layer: &&Tensor| {
        let vectors = decks::vectors(job, layer, nets, usize::from(args.pixels))?;
        let solved = simulator.solve(job, layer, &vectors)?;
        let checked = compared(job, layer, &vectors, &solved, limit(args.transistors, job, layer))?;
        bar.suspend(|| if json { Ok(()) } else { print(&checked.line()) })?;
        bar.inc(1);
        Ok(checked)
    };
    let done = layers.par_iter().with_max_len(1).map(one).collect();
    bar.finish_and_clear();
    done
}

/// One layer's circuit with activations, natively and as it was solved.
fn compared(
    job: &Lowered,
    layer: &Tensor,
    vectors: &[Vec<f64>],
    solved: &Solved,
    limit: f64,
) -> Result<Checked> {
    let fail = |e: &dyn std::fmt::Display| format!("layer `{}`: {e}", layer.name);
    let module = layer.module.expect("layers with a module only");
    let program = Program::compile(&job.circuit.design, module, &Options::default()).map_err(|e| fail(&e))?;
    let (native, tally) = program.run_tallied(vectors).map_err(|e| fail(&e))?;
    let names: Vec<String> = (0..layer.shape.channels).map(|k| format!("y[{k}]")).collect();
    let difference = check::compare(&names, &native, &solved.outputs).map_err(|e| fail(&e))?;
    Ok(Checked {
        layer: layer.name.clone(),
        pixels: vectors.len(),
        outputs: names.len(),
        volts: difference.absolute,
        of_span: difference.of_span,
        limit,
        clipped: tally.clipped,
        beyond_volts: tally.beyond,
        decks: solved.decks,
        seconds: solved.time.as_secs_f64(),
        passed: difference.of_span <= limit,
    })
}

impl Checked {
    fn line(&self) -> String {
        let Self { layer, pixels, outputs, volts, of_span, limit, clipped, seconds, passed, .. } = self;
        let clipped = if *clipped > 0 { format!("  {clipped} clipped") } else { String::new() };
        let verdict = if *passed { clipped } else { format!("{clipped}  FAILED") };
        format!(
            "{layer:<14} {pixels:>6} {outputs:>7} {volts:>9.2e} V {of_span:>11.2e} {limit:>8.0e} {seconds:>8.1}{verdict}\n"
        )
    }
}

/// How far a layer may be off; non-linear blocks may be more.
fn limit(transistors: bool, job: &Lowered, layer: &Tensor) -> f64 {
    let activated = || layer.module.is_some_and(|module| job.circuit.design.inventory(module).behaviours > 0);
    match transistors {
        true => TRANSISTORS,
        false if activated() => ACTIVATED,
        false => LINEAR,
    }
}

/// How layers came out, for people.
pub(super) fn text(layers: &[Checked]) -> String {
    let worst = |of: fn(&Checked) -> f64| layers.iter().map(of).fold(0.0, f64::max);
    let (volts, of_span) = (worst(|c| c.volts), worst(|c| c.of_span));
    let agree = layers.iter().filter(|c| c.passed).count();
    format!("{agree} of {} layers agree, worst {volts:.3e} V and {of_span:.3e} of the span\n", layers.len())
}

/// Which layers differ, if any do.
pub(super) fn fault(layers: &[Checked]) -> Option<String> {
    let failed: Vec<&str> = layers.iter().filter(|c| !c.passed).map(|c| c.layer.as_str()).collect();
    let names = failed.join(", ");
    (!failed.is_empty()).then(|| format!("{} layers differ from the native evaluator: {names}", failed.len()))
}
