//! What the examples share: a run in ngspice.

use memloom::ir::{Design, Id, Module};
use memloom_codegen::{Circuit, Ngspice, dc_deck};
use memloom_sim::external::{self, Limits, check};
use std::error::Error;

/// Output voltages of `module` in ngspice, as `[vector][output]`; `None` where ngspice is not installed.
///
/// # Errors
/// If the circuit cannot be written for ngspice, or the run fails.
pub fn in_ngspice(
    design: &Design,
    module: Id<Module>,
    vectors: &[Vec<f64>],
) -> Result<Option<Vec<Vec<f64>>>, Box<dyn Error>> {
    let Ok(engine) = external::Ngspice::find() else { return Ok(None) };
    let deck = dc_deck(&Ngspice, design, module, vectors, Circuit::Embedded)?;
    let folder = tempfile::tempdir()?;
    Ok(Some(check::outputs(&engine, &deck, vectors.len(), folder.path(), &Limits::default())?))
}

/// The largest difference between two sets of outputs, volts; infinite if their shapes differ.
pub fn largest_difference(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    let same_shape = a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.len() == b.len());
    if !same_shape {
        return f64::INFINITY;
    }
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}
