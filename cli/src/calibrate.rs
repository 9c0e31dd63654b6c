//! `memloom calibrate`.

use crate::args::CalibrateArgs;
use crate::preface::Preface;
use crate::quantity::limits;
use crate::report::{print, print_json_line};
use crate::{Result, progress};
use memloom_codegen::{visible, visible_json};
use memloom_flow::Source;
use memloom_flow::output::{Form, Mark, Target};
use memloom_network::cifar::Batch;
use memloom_network::{Percentile, Ranges};
use serde_json::json;

const MARK: Mark = Mark::new(Form::Json, Ranges::GENERATOR);

/// Measures how large the values of each layer get over images and writes them.
pub(crate) fn run(args: &CalibrateArgs, json: bool) -> Result<()> {
    let share = limits::PERCENTILE.flag("percentile", &args.percentile)?;
    let percentile = Percentile::new(share).ok_or("a percentile is a share from `50%` to `100%`")?;
    let target = Target::new(&args.out, MARK, args.replace.force)?;
    let source = Source::read(args.model.model.as_deref(), &args.model.settings.reading())?;
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
    let counter = progress::counter("measuring ranges");
    let ranges = Ranges::measure_at(percentile, &source.network.graph, &source.stages, &images, &name)?;
    counter.finish_and_clear();
    target.write(visible_json(&ranges.to_json()).as_bytes())?;
    let out = args.out.display().to_string();
    if json {
        return print_json_line(
            &json!({ "network": preface, "out": out, "images": count, "layers": ranges.stages.len() }),
        );
    }
    print(&preface.text())?;
    print(&format!("{}: ranges of {} layers over {count} images\n", visible(&out), ranges.stages.len()))
}
