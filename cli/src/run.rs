//! `memloom run`.

use crate::Result;
use crate::args::RunArgs;
use crate::compare::compare;
use crate::job::{self, chosen};
use crate::preface::{Preface, Stated};
use crate::report::{print, print_json};
use crate::saturation::Saturation;
use memloom_codegen::visible;
use memloom_flow::Compiled;
use memloom_flow::Lowered;
use memloom_flow::class;
use memloom_network::Reference;
use memloom_network::cifar::Batch;
use memloom_network::images::Image;
use memloom_network::sidecar::Settings;
use memloom_sim::native::Options;
use serde_json::json;
use std::path::Path;

/// Evaluates the circuit on images, beside the reference.
pub(crate) fn run(args: &RunArgs, json: bool) -> Result<()> {
    let technology = chosen(&args.technology, args.gain)?;
    let job = job::with(args.model.as_deref(), &args.settings, &technology, &args.technology)?;
    job::warn(&job);
    let images = read_images(&args.image, &job.source.network.settings, args.index, args.count)?;
    let preface = Preface::of(&job.source, &job.ranges, args.image.to_str());
    if !json {
        print(&preface.text())?;
    }
    let options = Options { ignore_rails: args.no_rails, ..Options::default() };
    match images.as_slice() {
        [image] => one(&job, args, image, &options, preface, json),
        _ => many(&job, args, &images, options, preface, json),
    }
}

/// Images `index .. index + count` of a batch file, or the one image of a PNG or JPEG.
pub(crate) fn read_images(
    path: &Path,
    settings: &Settings,
    index: usize,
    count: usize,
) -> Result<Vec<Image>> {
    if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("bin")) {
        let batch = Batch::read(path)?;
        if count == 0 {
            return Err("`--count 0` leaves nothing to do; give at least 1".into());
        }
        return (index..index.saturating_add(count)).map(|k| Ok(batch.image(k)?)).collect();
    }
    if (index, count) != (0, 1) {
        return Err("`--index` and `--count` are for CIFAR-10 batch files (`.bin`); leave them out".into());
    }
    Ok(vec![Image::read(path, settings.input)?])
}

fn one(
    job: &Lowered,
    args: &RunArgs,
    image: &Image,
    options: &Options,
    preface: Preface,
    json: bool,
) -> Result<()> {
    let settings = &job.source.network.settings;
    let input = image.normalised(settings)?;
    let reference = Reference::new(&job.source.network.graph).run(&input);
    let compiled = Compiled::new(job, options)?;
    let batch = compiled.run(1, |_| &input)?;
    let circuit = compiled.decode(&batch.outputs[0]);
    let saturation = Saturation::of(job, &args.image.display().to_string(), 1, &batch.blocks);
    // A batch may hold more classes than the network tells apart.
    let label = image.label.map(|k| settings.classes.get(k).map_or("none of the classes", String::as_str));
    let name = |logits: &[f64]| settings.classes[class(logits)].as_str();
    if json {
        let found = json!({
            "network": preface,
            "findings": job.findings,
            "saturation": saturation,
            "label": label,
            "circuit": { "class": name(&circuit), "logits": circuit },
            "reference": { "class": name(&reference), "logits": reference },
        });
        return print_json(&found);
    }
    let mut text = format!("{:<16} {:>12} {:>12} {:>12}\n", "class", "circuit", "reference", "difference");
    for (k, (a, b)) in circuit.iter().zip(&reference).enumerate() {
        text += &format!("{:<16} {a:>12.6} {b:>12.6} {:>12.3e}\n", visible(&settings.classes[k]), a - b);
    }
    text += &format!("circuit: {}, reference: {}", visible(name(&circuit)), visible(name(&reference)));
    text += &label.map_or_else(|| "\n".into(), |label| format!(", label: {}\n", visible(label)));
    text += &saturation.text();
    print(&text)
}

fn many(
    job: &Lowered,
    args: &RunArgs,
    images: &[Image],
    options: Options,
    preface: Preface,
    json: bool,
) -> Result<()> {
    let what = match args.gain {
        None => "as declared",
        Some(gain) if gain.is_finite() => "given gain",
        Some(_) => "ideal op-amps",
    };
    let source = args.image.display().to_string();
    let comparison = compare(job, &source, images, &[(what, options)])?;
    if json {
        return print_json(&Stated { network: preface, findings: &job.findings, what: comparison });
    }
    print(&comparison.text())
}
