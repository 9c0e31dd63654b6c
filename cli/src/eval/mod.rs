//! `memloom eval`: what a network scores as a circuit.

mod causes;
mod chip;
mod entry;
mod images;
mod ledger;
mod report;
mod score;
mod work;

pub(crate) use chip::chip;
pub(crate) use images::Labelled;
pub(crate) use ledger::Ledger;
pub(crate) use score::{Score, mean_and_deviation};
pub(crate) use work::{Parts, Work};

use crate::args::{EvalArgs, SubjectArgs, TechnologyArgs};
use crate::job::{self, chosen};
use crate::preface::{Preface, Stated};
use crate::report::{print, print_json};
use crate::setup::Setup;
use crate::spread::variation;
use crate::{Result, progress};
use causes::Diagnosis;
use chip::layers;
use memloom::technology::TechnologySpec;
use memloom_flow::{Flow, Lowered};
use report::Evaluation;

/// Images on which layers are compared with the reference.
const SAMPLE: usize = 16;

/// The technology that a command is about, as `setup` says.
///
/// # Errors
/// If there is none of that name, or its cells have no such spread.
pub(crate) fn technology(args: &SubjectArgs, setup: &Setup) -> Result<TechnologySpec> {
    let declared = TechnologyArgs { technology: args.technology.clone(), ..TechnologyArgs::default() };
    let chosen = chosen(&declared, None)?;
    variation(chosen.cell.spec.device.spec(), &setup.spread, &setup.cycle_spread)?;
    Ok(setup.technology(chosen))
}

/// The circuit that a command is about, built as `setup` says; its warnings are the caller's to say.
pub(crate) fn lowered(args: &SubjectArgs, setup: &Setup, flow: &Flow) -> Result<Lowered> {
    let rules = TechnologyArgs { no_compensation: setup.uncompensated, ..TechnologyArgs::default() };
    job::of(flow, &technology(args, setup)?, &rules)
}

/// Scores a number of chips on labelled images.
pub(crate) fn run(args: &EvalArgs, json: bool) -> Result<()> {
    args.resume.as_deref().map(memloom_flow::journal::settle).transpose()?;
    let plot = args.plot.as_deref().map(|path| Diagnosis::target(path, &args.replace)).transpose()?;
    let (subject, setup) = (&args.subject, args.setup.setup()?);
    // A mistake in a name or a spread shows before the work.
    technology(subject, &setup)?;
    let flow = Flow::open(subject.model.as_deref(), &subject.settings.reading())?;
    let job = lowered(subject, &setup, &flow)?;
    job::warn(&job);
    // A mistake in the setup shows before the work.
    chip(&job, &setup, subject.seed)?;
    let images = Labelled::read(&subject.cifar10, subject.count, &job.source.network)?;
    if args.diagnose {
        let diagnosis = Diagnosis::find(&job, &setup, args, &images)?;
        plot.map(|target| diagnosis.plot(&target)).transpose()?;
        return if json { print_json(&diagnosis) } else { print(&diagnosis.text()) };
    }
    let technology = &job.plan.technology;
    let parts =
        Parts { source: &flow.source, ranges: &flow.ranges, technology, setup: &setup, images: &images };
    let work = Work::new("eval", subject, &parts, &[]);
    let mut ledger = Ledger::open(args.resume.as_deref(), &work)?;
    let bar = progress::bar(images.inputs.len() as u64 * u64::from(subject.runs), "circuit");
    let mut scores = Vec::new();
    for id in work.chips(0) {
        scores.push(ledger.chip(id, &job, &setup, &images, &bar)?);
    }
    bar.finish_and_clear();
    let made = ledger.made(subject.seed).cloned();
    let layers = ledger.layers(subject.seed, || {
        let counter = progress::counter("layers");
        let made = made.map_or_else(|| chip(&job, &setup, subject.seed), Ok)?;
        let found = layers(&job, &made, &images, SAMPLE);
        counter.finish_and_clear();
        found
    })?;
    let evaluation = Evaluation::new(&job, &images, &args.setup.pairs, subject.seed, &scores, layers);
    let preface = Preface::of(&job.source, &job.ranges, images.file.to_str());
    match json {
        true => print_json(&Stated { network: preface, findings: &job.findings, what: evaluation }),
        false => print(&(preface.text() + &evaluation.text())),
    }
}
