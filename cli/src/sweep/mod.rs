//! `memloom sweep`: what a network scores as a circuit, over values of one or two parameters.

mod grid;
mod inside;
mod outputs;
mod page;
mod plot;
mod table;

pub(crate) use grid::Axis;
pub(crate) use plot::{Labels, MARK as PLOT, heat_map};

use crate::args::SweepArgs;
use crate::eval::{self, Labelled, Ledger, Parts, Score, Work, chip, technology};
use crate::job;
use crate::preface::Preface;
use crate::report::{print, print_json_line, say};
use crate::saturation::Saturation;
use crate::{Result, progress};
use grid::{GridPoint, grid};
use memloom_codegen::visible;
use memloom_flow::{Compiled, Flow, Lowered};
use memloom_sim::native::Options;
use outputs::Outputs;
use serde_json::json;
use table::{Values, parquet};

/// Images on which saturation is looked for.
const SATURATED_ON: usize = 16;

/// One chip at one point.
pub(crate) struct Row<'a> {
    pub(crate) point: &'a GridPoint,
    pub(crate) seed: u64,
    pub(crate) score: Score,
}

/// Scores every chip at every point, keeping what is done beside the output.
pub(crate) fn run(args: &SweepArgs, json: bool) -> Result<()> {
    let subject = &args.subject;
    if args.vary.len() > 2 {
        return Err("a sweep varies one parameter or two; fix the others by their flags".into());
    }
    let outputs = Outputs::new(args)?;
    let base = args.setup.setup()?;
    let points = grid(&args.vary, &base)?;
    // A mistake in a name or a spread shows before the work.
    points.iter().try_for_each(|point| technology(subject, &point.setup(&args.vary, &base)?).map(drop))?;
    let flow = Flow::open(subject.model.as_deref(), &subject.settings.reading())?;
    let Flow { source, ranges } = &flow;
    let images = Labelled::read(&subject.cifar10, subject.count, &source.network)?;
    let parts =
        Parts { source, ranges, technology: &technology(subject, &base)?, setup: &base, images: &images };
    let work = Work::new("sweep", subject, &parts, &args.vary);
    let mut ledger = Ledger::open(Some(&outputs.journal), &work)?;
    let runs = u64::from(subject.runs);
    let bar = progress::bar(images.inputs.len() as u64 * runs * points.len() as u64, "circuits");
    let classes = source.network.settings.classes.len();
    let (mut rows, mut built, mut warned) = (Vec::new(), None::<Lowered>, false);
    for (at, point) in points.iter().enumerate() {
        let setup = point.setup(&args.vary, &base)?;
        for id in work.chips(at) {
            let score = match ledger.whole(id, classes) {
                Some(score) => {
                    bar.inc(images.inputs.len() as u64);
                    score
                }
                None => {
                    let ready = match built.take() {
                        Some(ready) if setup.builds(&ready.plan) => ready,
                        _ => eval::lowered(subject, &setup, &flow)?,
                    };
                    if !warned && !ready.findings.is_empty() {
                        bar.suspend(|| warn(&ready, &point.text(&args.vary)));
                        warned = true;
                    }
                    chip(&ready, &setup, id.seed)?;
                    let score = ledger.chip(id, &ready, &setup, &images, &bar)?;
                    built = Some(ready);
                    score
                }
            };
            rows.push(Row { point, seed: id.seed, score });
        }
    }
    bar.finish_and_clear();
    let title = &source.name;
    // The last point's circuit: built already, or all of the sweep was in the journal.
    let last = match (built, points.last()) {
        (None, Some(point)) => Some(eval::lowered(subject, &point.setup(&args.vary, &base)?, &flow)?),
        (built, _) => built,
    };
    let preface = Preface::of(source, ranges, images.file.to_str());
    let saturation = last.as_ref().map(|job| saturation(job, &images)).transpose()?;
    let inside = last.as_ref().map(inside::inside).transpose()?.unwrap_or_default();
    let summary = page::summary(&args.vary, &rows);
    let curves = page::curves(&args.vary, &summary, images.reference_accuracy())?;
    let whole =
        page::Sweep { title, args, images: &images, points: &summary, curves: &curves, inside: &inside };
    let page = page::page(&whole)?;
    outputs.write(&parquet(&columns(&args.vary, &rows, &images))?, &page, curves.iter().chain(&inside))?;
    let (table, page) =
        (args.out.display().to_string(), outputs::page_beside(&args.out).display().to_string());
    if json {
        return print_json_line(&json!({
            "network": preface, "table": table, "page": page, "rows": rows.len(), "points": summary,
            "saturation_of_last_point": saturation,
        }));
    }
    let (table, page) = (visible(&table), visible(&page));
    let count = rows.len();
    let last_point = match (saturation.map(|s| s.text()), points.last()) {
        (Some(text), Some(point)) if !text.is_empty() => format!("at {}:\n{text}", point.text(&args.vary)),
        _ => String::new(),
    };
    print(
        &(preface.text()
            + &format!(
                "{}{last_point}{count} rows in {table}, plots in {page} and the SVG files beside it\n",
                page::text(&args.vary, &summary, &images)
            )),
    )
}

/// What saturates in the circuit as declared, on the first images.
fn saturation(job: &Lowered, images: &Labelled) -> Result<Saturation> {
    let compiled = Compiled::new(job, &Options::default())?;
    let count = images.inputs.len().min(SATURATED_ON);
    let batch = compiled.run(count, |k| &images.inputs[k])?;
    Ok(Saturation::of(job, &images.file.display().to_string(), count, &batch.blocks))
}

/// Says what looks unintended at a sweep's first point that has something.
fn warn(job: &Lowered, point: &str) {
    job::warn(job);
    say(&format!("this is at {point}; other points' warnings are left out"));
}

/// A row per chip and point.
fn columns(axes: &[Axis], rows: &[Row<'_>], images: &Labelled) -> Vec<(String, Values)> {
    let axis = |(k, axis): (usize, &Axis)| {
        let texts = rows.iter().map(|row| row.point.values[k].clone()).collect();
        (axis.name.clone(), Values::Text(texts))
    };
    let whole = |of: &dyn Fn(&Row<'_>) -> u64| Values::Whole(rows.iter().map(|row| of(row) as i64).collect());
    let real = |of: &dyn Fn(&Row<'_>) -> f64| Values::Real(rows.iter().map(of).collect());
    let reference = images.reference_accuracy();
    let mut columns: Vec<_> = axes.iter().enumerate().map(axis).collect();
    columns.extend(
        [
            ("seed", whole(&|row| row.seed)),
            ("images", whole(&|row| row.score.images())),
            ("correct", whole(&|row| row.score.correct())),
            ("same_class", whole(&|row| row.score.same_class)),
            ("accuracy", real(&|row| row.score.accuracy())),
            ("accuracy_low", real(&|row| row.score.interval().0)),
            ("accuracy_high", real(&|row| row.score.interval().1)),
            ("reference_accuracy", real(&|_| reference)),
        ]
        .map(|(name, values)| (name.to_owned(), values)),
    );
    columns
}
