//! `memloom check`.

use crate::args::{CheckArgs, Engine};
use crate::job;
use crate::preface::Preface;
use crate::report::{print, print_json};
use crate::run::read_images;
use crate::saturation::Saturation;
use crate::{Result, decks, progress};
use memloom_codegen::{Circuit, Ngspice, TestBench, Vacask, dc_deck, write_design};
use memloom_flow::output::{Kind, Staging};
use memloom_flow::{Compiled, Finding, Lowered};
use memloom_network::images::Image;
use memloom_network::lower::{Tensor, text_name};
use memloom_sim::external::{self, Limits, OpenVaf, Scratch, check};
use memloom_sim::native::{Options, Program, Signals};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;
use std::path::Path;
use std::time::{Duration, Instant};

/// Largest difference of a linear layer's outputs, over their span or [`check::LEAST_SPAN`].
const LINEAR: f64 = 1e-6;
/// Largest difference of a layer's outputs behind activations, over their span.
const ACTIVATED: f64 = 1e-4;

/// One layer in a simulator.
#[derive(Debug, Serialize)]
struct Checked {
    layer: String,
    pixels: usize,
    outputs: usize,
    /// Largest difference from the native evaluator, volts.
    volts: f64,
    /// The same over the span of the layer's outputs, which counts as a millivolt at least.
    of_span: f64,
    /// What it may be.
    limit: f64,
    /// Outputs inside that met the end of their swing at these pixels, and by how much the furthest would have passed it.
    clipped: u64,
    beyond_volts: f64,
    seconds: f64,
    passed: bool,
}

/// What a check found, as JSON.
#[derive(Debug, Serialize)]
struct Found<'a> {
    network: &'a Preface,
    findings: &'a [Finding],
    saturation: &'a Saturation,
    layers: &'a [Checked],
}

/// Runs layers in a simulator and compares their outputs with the native evaluator's.
pub(crate) fn run(args: &CheckArgs, json: bool) -> Result<()> {
    let Some(keep) = &args.keep else {
        let work = Scratch::new()?;
        let check = Check::prepare(args, work.path())?;
        let checked = check.run(json)?;
        return verdict(&check.found(&checked), json);
    };
    let staging = Staging::new(keep, Kind::Check)?;
    let check = Check::prepare(args, staging.path())?;
    let (checked, engine) = (check.run(json), check.simulator.engine.name());
    let Check { job, preface, saturation, .. } = check;
    // What failed is kept, too: it is what one wants to look at.
    let (part, target) = (staging.path().display().to_string(), staging.target().display().to_string());
    let files = staging.files()?;
    staging.finish(&json!({ "engine": engine }), &files)?;
    let layers = checked.map_err(|e| e.to_string().replace(&part, &target))?;
    let findings = &job.findings;
    verdict(&Found { network: &preface, findings, saturation: &saturation, layers: &layers }, json)
}

/// Says how the layers came out; layers that differ are an error.
fn verdict(found: &Found<'_>, json: bool) -> Result<()> {
    let done = found.layers;
    let failed: Vec<&str> = done.iter().filter(|c| !c.passed).map(|c| c.layer.as_str()).collect();
    if json {
        print_json(found)?;
    } else {
        let worst = |of: fn(&Checked) -> f64| done.iter().map(of).fold(0.0, f64::max);
        let (volts, of_span) = (worst(|c| c.volts), worst(|c| c.of_span));
        print(&format!(
            "{} of {} layers agree, worst {volts:.3e} V and {of_span:.3e} of the span\n",
            done.len() - failed.len(),
            done.len()
        ))?;
        print(&found.saturation.text())?;
    }
    match failed.len() {
        0 => Ok(()),
        n => Err(format!("{n} layers differ from the native evaluator: {}", failed.join(", ")).into()),
    }
}

/// What is checked, and in what.
struct Check<'a> {
    args: &'a CheckArgs,
    simulator: Simulator<'a>,
    job: Lowered,
    nets: Vec<Signals>,
    preface: Preface,
    saturation: Saturation,
}

impl<'a> Check<'a> {
    /// A check whose files go into `folder`. Mistakes in the arguments show here, before anything is simulated.
    fn prepare(args: &'a CheckArgs, folder: &'a Path) -> Result<Self> {
        let simulator = Simulator::find(args, folder)?;
        let job = job::prepare(args.model.model.as_deref(), &args.model.settings, &args.technology)?;
        layers(&job, &args.layers)?;
        let (nets, saturation) = activations(&job, args)?;
        let preface = Preface::of(&job.source, &job.ranges, args.image.as_deref().and_then(Path::to_str));
        Ok(Self { args, simulator, job, nets, preface, saturation })
    }

    fn found<'f>(&'f self, layers: &'f [Checked]) -> Found<'f> {
        Found { network: &self.preface, findings: &self.job.findings, saturation: &self.saturation, layers }
    }

    fn run(&self, json: bool) -> Result<Vec<Checked>> {
        let Self { args, simulator, job, nets, preface, .. } = self;
        let layers = layers(job, &args.layers)?;
        if !json {
            print(&preface.text())?;
            print(&format!("{} {}\n{HEAD}", simulator.engine.name(), simulator.engine.version()?))?;
        }
        // The very files that a build writes are what is simulated.
        write_design(&job.circuit.design, &[simulator.dialect], simulator.folder, &|_| {})?;
        let bar = progress::bar(layers.len() as u64, "simulating layers");
        let one = |layer: &&Tensor| {
            let checked = simulator.layer(job, layer, nets, usize::from(args.pixels))?;
            bar.suspend(|| if json { Ok(()) } else { print(&checked.line()) })?;
            bar.inc(1);
            Ok(checked)
        };
        let done = layers.par_iter().with_max_len(1).map(one).collect();
        bar.finish_and_clear();
        done
    }
}

/// The simulator that a check runs in.
struct Simulator<'a> {
    engine: Box<dyn external::Engine + Sync>,
    dialect: &'static dyn TestBench,
    folder: &'a Path,
    limits: Limits,
}

impl<'a> Simulator<'a> {
    fn find(args: &CheckArgs, folder: &'a Path) -> Result<Self> {
        let limits = Limits { time: Duration::from_secs(args.timeout), ..Limits::default() };
        let (engine, dialect): (Box<dyn external::Engine + Sync>, &'static dyn TestBench) = match args.engine
        {
            Engine::Ngspice => (Box::new(external::Ngspice::find()?), &Ngspice),
            Engine::Vacask => {
                let compiler = OpenVaf::find(folder.join("osdi"))?;
                (Box::new(external::Vacask::find()?.compiling(compiler)), &Vacask)
            }
        };
        Ok(Self { engine, dialect, folder, limits })
    }

    /// Drives one layer's circuit with activations, in the simulator and natively.
    fn layer(&self, job: &Lowered, layer: &Tensor, nets: &[Signals], pixels: usize) -> Result<Checked> {
        let fail = |e: &dyn std::fmt::Display| format!("layer `{}`: {e}", layer.name);
        let design = &job.circuit.design;
        let module = layer.module.expect("layers with a module only");
        let vectors = decks::vectors(job, layer, nets, pixels)?;
        let program = Program::compile(design, module, &Options::default()).map_err(|e| fail(&e))?;
        let (native, tally) = program.run_tallied(&vectors).map_err(|e| fail(&e))?;
        let deck =
            dc_deck(self.dialect, design, module, &vectors, Circuit::Embedded).map_err(|e| fail(&e))?;
        let folder = self.folder.join(text_name(&layer.name));
        // Not the folder above: an interrupt may have removed it.
        std::fs::create_dir(&folder).or_else(present_is_fine).map_err(|e| fail(&e))?;
        let start = Instant::now();
        let simulated = check::outputs(self.engine.as_ref(), &deck, vectors.len(), &folder, &self.limits)
            .map_err(|e| fail(&e))?;
        let seconds = start.elapsed().as_secs_f64();
        let difference = check::compare(&deck.outputs, &native, &simulated).map_err(|e| fail(&e))?;
        let limit = if has_activation(job, layer) { ACTIVATED } else { LINEAR };
        Ok(Checked {
            layer: layer.name.clone(),
            pixels: vectors.len(),
            outputs: deck.outputs.len(),
            volts: difference.absolute,
            of_span: difference.of_span,
            limit,
            clipped: tally.clipped,
            beyond_volts: tally.beyond,
            seconds,
            passed: difference.of_span <= limit,
        })
    }
}

const HEAD: &str = "layer          pixels outputs  difference     of span    limit  seconds\n";

impl Checked {
    fn line(&self) -> String {
        let Self { layer, pixels, outputs, volts, of_span, limit, clipped, seconds, passed, .. } = self;
        let clipped = if *clipped > 0 { format!("  {clipped} clipped") } else { String::new() };
        let verdict = if *passed { clipped } else { format!("{clipped}  FAILED") };
        format!(
            "{layer:<14} {pixels:>6} {outputs:>7} {volts:>9.2e} V {of_span:>11.2e} {limit:>8.0e} {seconds:>8.1}{verdict}\n"
        )
    }
}

/// Takes a folder that is there already for one made.
fn present_is_fine(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::AlreadyExists { Ok(()) } else { Err(error) }
}

/// Whether non-linear blocks stand in the layer.
fn has_activation(job: &Lowered, layer: &Tensor) -> bool {
    layer.module.is_some_and(|module| job.circuit.design.inventory(module).behaviours > 0)
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

/// The nets of the circuit on as many images as there are pixels to compare, and what saturated.
fn activations(job: &Lowered, args: &CheckArgs) -> Result<(Vec<Signals>, Saturation)> {
    let settings = &job.source.network.settings;
    let images: Vec<Image> = match &args.image {
        None => {
            let pixels = usize::from(args.pixels);
            Image::test_pattern(settings.input).variants().into_iter().take(pixels).collect()
        }
        Some(path) if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("bin")) => {
            read_images(path, settings, 0, usize::from(args.pixels))?
        }
        Some(path) => read_images(path, settings, 0, 1)?,
    };
    let options = Options::default();
    let compiled = Compiled::new(job, &options)?;
    let source =
        args.image.as_ref().map_or("built-in test pattern".into(), |path| path.display().to_string());
    let (mut nets, mut saturation) = (Vec::new(), Saturation::new(job, &source));
    for image in &images {
        let (blocks, found) = compiled.watched(0, &image.normalised(settings)?)?;
        saturation.add(job, 1, &blocks);
        nets.push(found);
    }
    Ok((nets, saturation))
}
