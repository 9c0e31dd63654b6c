//! `memloom calibrate`.

mod search;

use crate::args::{CalibrateArgs, TechnologyArgs};
use crate::job::chosen;
use crate::preface::Preface;
use crate::quantity::limits;
use crate::report::{print, print_json_line};
use crate::spread::variation;
use crate::{Result, progress};
use memloom_codegen::{visible, visible_json};
use memloom_flow::Source;
use memloom_flow::output::{Form, Mark, Target};
use memloom_network::cifar::Batch;
use memloom_network::{Percentile, Ranges};
use search::{Search, Tried};
use serde_json::json;
use std::sync::Arc;

const MARK: Mark = Mark::new(Form::Json, Ranges::GENERATOR);

/// Measures how large the values of each layer get over images and writes them.
pub(crate) fn run(args: &CalibrateArgs, json: bool) -> Result<()> {
    let share = limits::PERCENTILE.flag("percentile", &args.percentile)?;
    let percentile = Percentile::new(share).ok_or("a percentile is a share from `50%` to `100%`")?;
    let setup = args.setup.setup()?;
    let named = TechnologyArgs { technology: args.technology.clone(), ..TechnologyArgs::default() };
    let declared = chosen(&named, None)?;
    // A mistake in a spread shows before the work.
    variation(declared.cell.spec.device.spec(), &setup.spread, &setup.cycle_spread)?;
    only_searched(args)?;
    let target = Target::new(&args.out, MARK, args.replace.force)?;
    let source = Arc::new(Source::read(args.model.model.as_deref(), &args.model.settings.reading())?);
    let preface = Preface::of_settings(&source);
    let batch = Batch::read(&args.images)?;
    let count = args.count.unwrap_or(batch.len());
    if count == 0 || count > batch.len() {
        return Err(format!("`--count {count}`: the batch has {} images; give 1 to that", batch.len()).into());
    }
    let settings = &source.network.settings;
    let images = batch
        .images()
        .take(count)
        .map(|i| i.normalised(settings))
        .collect::<std::result::Result<Vec<_>, _>>()?;
    let name = args.images.file_name().unwrap_or_default().to_string_lossy();
    let (ranges, tried) = if args.search {
        let technology = &setup.technology(declared);
        Search { source: &source, technology, setup: &setup, images: &images, name: &name }.run()?
    } else {
        let counter = progress::counter("measuring ranges");
        let graph = &source.network.graph;
        let ranges = Ranges::measure_at(percentile, graph, &source.stages, &images, &name)?;
        counter.finish_and_clear();
        (ranges, Vec::new())
    };
    target.write(visible_json(&ranges.to_json()).as_bytes())?;
    let out = args.out.display().to_string();
    let (layers, share) = (ranges.stages.len(), ranges.percentile().share());
    if json {
        let mut line = json!({ "network": preface, "out": out, "images": count, "layers": layers });
        if args.search {
            line["percentile"] = json!(share);
            line["tried"] = json!(tried);
        }
        return print_json_line(&line);
    }
    print(&(preface.text() + &table(&tried)))?;
    print(&format!(
        "{}: ranges of {layers} layers over {count} images, {} % of the values of each\n",
        visible(&out),
        100.0 * share
    ))
}

/// Refuses flags of a chip that would have no effect.
fn only_searched(args: &CalibrateArgs) -> Result<()> {
    let chip = args.setup.pairs.first().map(|(name, _)| name.replace('_', "-"));
    let named = args.technology.as_ref().map(|_| "technology".to_owned());
    match chip.or(named).filter(|_| !args.search) {
        Some(flag) => Err(format!(
            "`--{flag}` says what the chips of a search are like; add `--search`, or leave it out"
        )
        .into()),
        None => Ok(()),
    }
}

/// What was tried; nothing if nothing was.
fn table(tried: &[Tried]) -> String {
    let line = |one: &Tried| {
        let db = one.signal_to_error_db.map_or("no error".into(), |db| format!("{db:.2} dB"));
        format!("{:>9} % of the values: {db} of signal to error at the logits\n", 100.0 * one.percentile)
    };
    tried.iter().map(line).collect()
}
