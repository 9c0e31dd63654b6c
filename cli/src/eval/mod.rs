//! `memloom eval`: what a network scores as a circuit.

mod chip;
mod diagnosis;
mod images;
mod ledger;
mod report;
mod score;

pub(crate) use chip::chip;
pub(crate) use images::Labelled;
pub(crate) use ledger::{ChipId, Ledger};
pub(crate) use score::{Score, mean_and_deviation};

use crate::args::{EvalArgs, SubjectArgs, TechnologyArgs};
use crate::job::{Job, chosen};
use crate::report::print;
use crate::setup::Setup;
use crate::spread::variation;
use crate::{Result, progress};
use chip::layers;
use memloom::technology::TechnologySpec;
use report::Evaluation;
use serde_json::json;

/// Images on which layers are compared with the reference.
const SAMPLE: usize = 16;

/// The technology that a command is about, as `setup` says.
///
/// # Errors
/// If there is none of that name, or its cells have no such spread.
pub(crate) fn technology(args: &SubjectArgs, setup: &Setup) -> Result<TechnologySpec> {
    let chosen =
        chosen(&TechnologyArgs { technology: args.technology.clone(), ..TechnologyArgs::default() }, None)?;
    variation(chosen.cell.spec.device.spec(), &setup.spread, &setup.cycle_spread)?;
    Ok(setup.technology(chosen))
}

/// The circuit that a command is about, built as `setup` says; its warnings are the caller's to say.
pub(crate) fn job(args: &SubjectArgs, setup: &Setup) -> Result<Job> {
    let rules = TechnologyArgs { no_compensation: setup.uncompensated, ..TechnologyArgs::default() };
    Job::with(args.model.as_deref(), &args.settings, technology(args, setup)?, &rules)
}

/// Scores a number of chips on labelled images.
pub(crate) fn run(args: &EvalArgs, json: bool) -> Result<()> {
    let (subject, setup) = (&args.subject, args.setup.setup()?);
    let job = job(subject, &setup)?;
    job.warn();
    // A mistake in the setup shows before the work.
    chip(&job, &setup, subject.seed)?;
    let images = Labelled::read(&subject.cifar10, subject.count, &job.source.network)?;
    let work = json!({
        "command": "eval", "network": job.source.hash, "ranges": job.ranges.to_json(), "images": images.hash,
        "technology": job.plan.technology.name, "setup": args.setup.pairs,
    });
    let mut ledger = Ledger::open(args.resume.as_deref(), &work)?;
    let bar = progress::bar(images.inputs.len() as u64 * u64::from(subject.runs), "circuit");
    let mut scores = Vec::new();
    for run in 0..u64::from(subject.runs) {
        let id = ChipId { point: 0, seed: subject.seed.wrapping_add(run) };
        scores.push(ledger.chip(id, &job, &setup, &images, &bar)?);
    }
    bar.finish_and_clear();
    let layers = ledger.layers(subject.seed, || {
        let counter = progress::counter("layers");
        let found = layers(&job, &chip(&job, &setup, subject.seed)?, &images, SAMPLE);
        counter.finish_and_clear();
        found
    })?;
    let evaluation = Evaluation::new(&job, &images, &args.setup.pairs, subject.seed, &scores, layers);
    print(&if json { serde_json::to_string_pretty(&evaluation)? + "\n" } else { evaluation.text() })
}
