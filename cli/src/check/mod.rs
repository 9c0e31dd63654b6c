//! `memloom check`: the circuit in a simulator beside the native evaluator.

mod entry;
mod layer;
mod simulator;
mod whole;

use crate::args::CheckArgs;
use crate::preface::Preface;
use crate::report::{print, print_json};
use crate::run::read_images;
use crate::saturation::Saturation;
use crate::{Result, job};
use layer::Checked;
use memloom::technology::TechnologySpec;
use memloom_flow::output::{Kind, Staging};
use memloom_flow::{Compiled, Finding, Lowered, journal};
use memloom_network::images::Image;
use memloom_network::lower::Tensor;
use memloom_network::technologies;
use memloom_silicon::characterise::Models;
use memloom_sim::external::Scratch;
use memloom_sim::native::{Options, Signals};
use serde::Serialize;
use serde_json::json;
use simulator::Simulator;
use std::fs;
use std::path::Path;

/// The corner of transistor cells.
const TYPICAL: &str = "tt";

/// What a check found, as JSON.
#[derive(Debug, Serialize)]
struct Found<'a> {
    network: &'a Preface,
    findings: &'a [Finding],
    saturation: &'a Saturation,
    #[serde(flatten)]
    what: &'a What,
}

/// What was compared.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum What {
    Layers { layers: Vec<Checked> },
    Whole(whole::Found),
}

/// Runs layers or whole images in a simulator and compares what comes out with the native evaluator's.
pub(crate) fn run(args: &CheckArgs, json: bool) -> Result<()> {
    args.resume.as_deref().map(journal::settle).transpose()?;
    let Some(keep) = &args.keep else {
        let work = Scratch::new()?;
        let check = Check::prepare(args, work.path())?;
        let what = check.run(json)?;
        return check.subject.verdict(&what, json);
    };
    let staging = Staging::new(keep, Kind::Check)?;
    let check = Check::prepare(args, staging.path())?;
    let (what, engine) = (check.run(json), check.simulator.name());
    let Check { subject, .. } = check;
    // What failed is kept, too: it is what one wants to look at.
    let (part, target) = (staging.path().display().to_string(), staging.target().display().to_string());
    if args.transistors {
        lead_to(staging.path(), &part, &std::path::absolute(staging.target())?.display().to_string())?;
    }
    let files = staging.files()?;
    staging.finish(&json!({ "engine": engine }), &files)?;
    let what = what.map_err(|e| e.to_string().replace(&part, &target))?;
    subject.verdict(&what, json)
}

/// In the decks and netlists below `folder`, writes `target` for `part`: their library of transistors moves there with them.
fn lead_to(folder: &Path, part: &str, target: &str) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            lead_to(&path, part, target)?;
        } else if path.extension().is_some_and(|end| end == "cir") {
            let text = fs::read_to_string(&path)?;
            if text.contains(part) {
                fs::write(&path, text.replace(part, target))?;
            }
        }
    }
    Ok(())
}

/// What is checked, and in what.
struct Check<'a> {
    args: &'a CheckArgs,
    simulator: Simulator<'a>,
    subject: Subject,
}

/// A circuit on images.
struct Subject {
    job: Lowered,
    images: Vec<Image>,
    /// The nets of the circuit on each image, as the evaluator has them.
    nets: Vec<Signals>,
    preface: Preface,
    saturation: Saturation,
}

impl<'a> Check<'a> {
    /// A check whose files go into `folder`. Mistakes in the arguments show here, before anything is simulated.
    fn prepare(args: &'a CheckArgs, folder: &'a Path) -> Result<Self> {
        let simulator = Simulator::find(args, folder)?;
        let technology = technology(args, folder)?;
        let job =
            job::with(args.model.model.as_deref(), &args.model.settings, &technology, &args.technology)?;
        job::warn(&job);
        layers(&job, &args.layers)?;
        let images = images(&job, args)?;
        let (nets, saturation) = activations(&job, args, &images)?;
        let preface = Preface::of(&job.source, &job.ranges, args.image.as_deref().and_then(Path::to_str));
        Ok(Self { args, simulator, subject: Subject { job, images, nets, preface, saturation } })
    }

    fn run(&self, json: bool) -> Result<What> {
        let Self { args, simulator, subject } = self;
        if !json {
            print(&subject.preface.text())?;
            print(&format!("{} {}\n", simulator.name(), simulator.version()?))?;
        }
        simulator.netlists(&subject.job)?;
        match args.whole {
            true => Ok(What::Whole(whole::check(self, json)?)),
            false => Ok(What::Layers { layers: layer::check(self, json)? }),
        }
    }
}

impl Subject {
    /// Says how it came out; a difference is an error.
    fn verdict(&self, what: &What, json: bool) -> Result<()> {
        let Self { job, preface, saturation, .. } = self;
        match json {
            true => print_json(&Found { network: preface, findings: &job.findings, saturation, what })?,
            false => print(&(what.text() + &saturation.text()))?,
        }
        what.fault().map_or(Ok(()), |fault| Err(fault.into()))
    }
}

impl What {
    fn text(&self) -> String {
        match self {
            Self::Layers { layers } => layer::text(layers),
            Self::Whole(found) => found.text(),
        }
    }

    fn fault(&self) -> Option<String> {
        match self {
            Self::Layers { layers } => layer::fault(layers),
            Self::Whole(found) => found.fault(),
        }
    }
}

/// What the circuit is made of; a library of transistor cells is written into `folder`.
fn technology(args: &CheckArgs, folder: &Path) -> Result<TechnologySpec> {
    let technology = job::chosen(&args.technology, None)?;
    if !args.transistors {
        return Ok(technology);
    }
    let (name, library) = (technology.name.clone(), folder.join("transistors.sp"));
    let none = || format!("the technology `{name}` has no cells of transistors; `sky130` has");
    let technology = technologies::of_transistors(technology, &library).ok_or_else(none)?;
    let text = Models::find()?.cells(TYPICAL);
    fs::write(&library, text).map_err(|e| format!("`{}`: {e}", library.display()))?;
    Ok(technology)
}

/// The layers asked for, in the network's order.
fn layers<'a>(job: &'a Lowered, names: &[String]) -> Result<Vec<&'a Tensor>> {
    let all = || job.circuit.tensors.iter().filter(|t| t.module.is_some());
    if names.iter().any(|name| name == "all") {
        return Ok(all().collect());
    }
    if let Some(unknown) = names.iter().find(|name| all().all(|t| t.name != **name)) {
        let known = all().map(|t| t.name.as_str()).collect::<Vec<_>>().join(", ");
        return Err(format!("there is no layer `{unknown}`; choose among {known}, or `all`").into());
    }
    Ok(all().filter(|t| names.contains(&t.name)).collect())
}

/// The images that are taken through whole, or else as many as there are pixels to compare.
fn images(job: &Lowered, args: &CheckArgs) -> Result<Vec<Image>> {
    let settings = &job.source.network.settings;
    let pixels = usize::from(args.pixels);
    match (&args.image, args.whole) {
        (None, whole) => {
            let count = if whole { args.count } else { pixels };
            Ok(Image::test_pattern(settings.input).variants().into_iter().take(count).collect())
        }
        (Some(path), true) => read_images(path, settings, args.index, args.count),
        (Some(path), false) if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("bin")) => {
            read_images(path, settings, 0, pixels)
        }
        (Some(path), false) => read_images(path, settings, 0, 1),
    }
}

/// The nets of the circuit on images, and what saturated.
fn activations(job: &Lowered, args: &CheckArgs, images: &[Image]) -> Result<(Vec<Signals>, Saturation)> {
    let settings = &job.source.network.settings;
    let options = Options::default();
    let compiled = Compiled::new(job, &options)?;
    let source =
        args.image.as_ref().map_or("built-in test pattern".into(), |path| path.display().to_string());
    let (mut nets, mut saturation) = (Vec::new(), Saturation::new(job, &source));
    for image in images {
        let (blocks, found) = compiled.watched(0, &image.normalised(settings)?)?;
        saturation.add(job, 1, &blocks);
        nets.push(found);
    }
    Ok((nets, saturation))
}
