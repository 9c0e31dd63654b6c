//! What the examples share: runs of the native evaluator and of ngspice.

use anyhow::{Context, bail};
use memloom::ir::{Design, Id, Module};
use memloom_codegen::{Circuit, Ngspice, TestBench, Vacask, dc_deck};
use memloom_sim::external::{self, Limits, check};
use memloom_sim::native::{Options, evaluate_module};

/// Output voltages of `module` in ngspice, as `[vector][output]`; `None` where ngspice is not installed.
///
/// # Errors
/// If the circuit cannot be written for ngspice, or the run fails.
pub fn in_ngspice(
    design: &Design,
    module: Id<Module>,
    vectors: &[Vec<f64>],
) -> anyhow::Result<Option<Vec<Vec<f64>>>> {
    let Ok(engine) = external::Ngspice::find() else { return Ok(None) };
    simulated(&engine, &Ngspice, design, module, vectors).map(Some)
}

/// The same in VACASK; `None` where it or its compiler is not installed.
///
/// # Errors
/// If the circuit cannot be written for VACASK, or the run fails.
pub fn in_vacask(
    design: &Design,
    module: Id<Module>,
    vectors: &[Vec<f64>],
) -> anyhow::Result<Option<Vec<Vec<f64>>>> {
    if memloom_codegen::validate(&Vacask, design).is_err() {
        return Ok(None);
    }
    let compiler = external::OpenVaf::find(std::env::temp_dir().join("memloom-examples-openvaf"));
    let (Ok(engine), Ok(compiler)) = (external::Vacask::find(), compiler) else { return Ok(None) };
    simulated(&engine.compiling(compiler), &Vacask, design, module, vectors).map(Some)
}

fn simulated(
    engine: &dyn external::Engine,
    dialect: &dyn TestBench,
    design: &Design,
    module: Id<Module>,
    vectors: &[Vec<f64>],
) -> anyhow::Result<Vec<Vec<f64>>> {
    let deck = dc_deck(dialect, design, module, vectors, Circuit::Embedded)?;
    let folder = tempfile::tempdir()?;
    Ok(check::outputs(engine, &deck, vectors.len(), folder.path(), &Limits::default())?)
}

/// Output voltages of the design's top at each of `vectors`, by the native evaluator, as `[vector][output]`.
///
/// # Errors
/// If the design has no top, breaks an electrical rule, or cannot be evaluated.
pub fn evaluate(design: &Design, vectors: &[Vec<f64>]) -> anyhow::Result<Vec<Vec<f64>>> {
    let top = design.top.context("the design has no top; set `design.top`")?;
    if let Some(finding) = memloom::erc::check(design).first() {
        bail!("{finding}");
    }
    Ok(evaluate_module(design, top, &Options::default(), vectors)?)
}

/// Shows that the native evaluator, and ngspice and VACASK where they are installed, all give `by_hand` within `volts`.
/// VACASK is left out for a design with a body in SPICE alone.
///
/// # Errors
/// If one of them does not, or does not run.
pub fn confirm(
    design: &Design,
    vectors: &[Vec<f64>],
    by_hand: &[Vec<f64>],
    volts: f64,
) -> anyhow::Result<()> {
    let native = evaluate(design, vectors)?;
    let top = design.top.context("the design has no top; set `design.top`")?;
    let (spice, vacask) = (in_ngspice(design, top, vectors)?, in_vacask(design, top, vectors)?);
    for (who, outputs) in [("the native evaluator", Some(native)), ("ngspice", spice), ("VACASK", vacask)] {
        let Some(outputs) = outputs else { continue };
        let off = largest_difference(&outputs, by_hand);
        if off > volts {
            bail!("{who} is off by {off} V: {outputs:?} is not {by_hand:?}");
        }
    }
    Ok(())
}

/// The largest difference between two sets of outputs, volts; infinite if their shapes differ.
pub fn largest_difference(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let same_shape = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.len() == b.len());
    if !same_shape {
        return f64::INFINITY;
    }
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
