//! `memloom sweep`: what a network scores as a circuit, over values of one or two parameters.

mod grid;
mod inside;
mod page;
mod plot;
mod table;

pub(crate) use grid::Axis;

use crate::args::SweepArgs;
use crate::eval::{ChipId, Labelled, Ledger, Score, chip, job};
use crate::job::{Job, Source};
use crate::report::{print, print_json_line, say};
use crate::{Result, progress};
use grid::{GridPoint, grid};
use memloom_codegen::{visible, write_bytes, write_text};
use plot::Plot;
use serde_json::json;
use std::path::{Path, PathBuf};
use table::{Values, parquet};

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
    let paths = Paths::new(&args.out)?;
    let base = args.setup.setup()?;
    let points = grid(&args.vary, &base)?;
    let source = Source::read(subject.model.as_deref(), &subject.settings)?;
    let images = Labelled::read(&subject.cifar10, subject.count, &source.network)?;
    let work = json!({
        "command": "sweep", "network": source.hash, "images": images.hash, "technology": subject.technology,
        "ranges": subject.settings.ranges, "setup": args.setup.pairs,
        "vary": args.vary.iter().map(|axis| json!([axis.name, axis.values])).collect::<Vec<_>>(),
    });
    let mut ledger = Ledger::open(Some(&paths.journal), &work)?;
    let runs = u64::from(subject.runs);
    let bar = progress::bar(images.inputs.len() as u64 * runs * points.len() as u64, "circuits");
    let classes = source.network.settings.classes.len();
    let (mut rows, mut built, mut warned) = (Vec::new(), None::<Job>, false);
    for (at, point) in points.iter().enumerate() {
        let setup = point.setup(&args.vary, &base)?;
        for run in 0..runs {
            let id = ChipId { point: at, seed: subject.seed.wrapping_add(run) };
            let score = match ledger.whole(id, &images, classes) {
                Some(score) => {
                    bar.inc(images.inputs.len() as u64);
                    score
                }
                None => {
                    let ready = match built.take() {
                        Some(job) if setup.builds(&job.plan) => job,
                        _ => job(subject, &setup)?,
                    };
                    if !warned && !ready.warnings.is_empty() {
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
        (None, Some(point)) => Some(job(subject, &point.setup(&args.vary, &base)?)?),
        (built, _) => built,
    };
    let inside = last.as_ref().map(inside::inside).transpose()?.unwrap_or_default();
    let summary = page::summary(&args.vary, &rows);
    let curves = page::curves(&args.vary, &summary, images.reference_accuracy())?;
    let whole =
        page::Sweep { title, args, images: &images, points: &summary, curves: &curves, inside: &inside };
    let page = page::page(&whole)?;
    paths.write(&parquet(&columns(&args.vary, &rows, &images))?, &page, curves.iter().chain(&inside))?;
    let (table, page) = (paths.table.display().to_string(), paths.page.display().to_string());
    if json {
        return print_json_line(
            &json!({ "table": table, "page": page, "rows": rows.len(), "points": summary }),
        );
    }
    let (table, page) = (visible(&table), visible(&page));
    let count = rows.len();
    print(&format!(
        "{}{count} rows in {table}, plots in {page} and the SVG files beside it\n",
        page::text(&args.vary, &summary, &images)
    ))
}

/// Says what looks unintended at a sweep's first point that has something.
fn warn(job: &Job, point: &str) {
    job.warn();
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

/// Where a sweep's files go.
struct Paths {
    table: PathBuf,
    page: PathBuf,
    journal: PathBuf,
}

impl Paths {
    /// `out` with the endings `.html` and `.journal` beside it.
    fn new(out: &Path) -> Result<Self> {
        let name = out.file_name().and_then(|name| name.to_str());
        if name.is_none() || out.is_dir() {
            return Err(format!("`{}` is no file; give a file such as `sweep.parquet`", out.display()).into());
        }
        if out.extension().is_some_and(|e| e == "html" || e == "journal") {
            return Err(format!(
                "`{}` is to be a Parquet file; give it the ending `.parquet`",
                out.display()
            )
            .into());
        }
        let (page, journal) = (out.with_extension("html"), out.with_extension("journal"));
        Ok(Self { table: out.into(), page, journal })
    }

    /// Writes the plots, the page, then the table, each whole or not at all, then drops the journal.
    fn write<'a>(&self, table: &[u8], page: &str, plots: impl Iterator<Item = &'a Plot>) -> Result<()> {
        let folder = self.table.parent().filter(|p| *p != Path::new("")).unwrap_or(Path::new("."));
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let stem = name(&self.table.with_extension(""));
        for (k, plot) in plots.enumerate() {
            write_text(folder, &format!("{stem}_{}_{}.svg", k + 1, plot.slug()), &plot.svg)?;
        }
        write_text(folder, &name(&self.page), page)?;
        write_bytes(folder, &name(&self.table), table)?;
        Ok(std::fs::remove_file(&self.journal).map_err(|e| format!("`{}`: {e}", self.journal.display()))?)
    }
}
