//! Many devices, each drawn from a spread: programmed one by one with verify, and all by the nominal device's pulses.

use super::report::siemens;
use super::{Outputs, Task, decks};
use crate::Result;
use crate::args::ProgramArgs;
use crate::report::{print, print_json_line};
use crate::spread;
use memloom::device::{Device, Spec, Variation};
use memloom_codegen::Dut;
use memloom_sim::device::program::{Programmed, Schedule, program, replay};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write;

/// How the head of a table begins.
pub(super) const HEAD: &str = "device,cycle,pulses,blind_siemens";
/// Most devices times cycles.
const MOST: u64 = 1_000_000;

/// A drawn device.
struct Drawn {
    index: u64,
    cycle: u64,
    device: Device,
    start: Vec<f64>,
    /// Pulses until it was at the target, or why it never was.
    verified: std::result::Result<usize, String>,
    /// Conductance after the nominal device's pulses, siemens.
    blind: f64,
}

/// Whether more than the one nominal device is asked for.
pub(super) fn wanted(args: &ProgramArgs) -> bool {
    args.devices.is_some()
        || args.cycles.is_some()
        || !args.spread.is_empty()
        || !args.cycle_spread.is_empty()
}

/// What the arguments spread; the published spread of the set if they spread nothing.
fn variation(args: &ProgramArgs) -> Result<Variation> {
    let spec = Spec::find(&args.model)?;
    let given = spread::variation(spec, &args.spread, &args.cycle_spread)?;
    if given != Variation::default() {
        return Ok(given);
    }
    let set = args.set.as_deref().unwrap_or(spec.sets[0].name);
    let published = Variation::published(spec.name, set);
    if published == Variation::default() {
        let what = format!("set `{set}` of `{}` has no published spread; give one by `--spread`", spec.name);
        return Err(what.into());
    }
    Ok(published)
}

/// Programs every device in every cycle.
pub(super) fn run(
    args: &ProgramArgs,
    task: &Task,
    schedule: &Schedule,
    outputs: Outputs,
    json: bool,
) -> Result<()> {
    let (devices, cycles) = (u64::from(args.devices.unwrap_or(100)), u64::from(args.cycles.unwrap_or(1)));
    if devices * cycles > MOST {
        return Err(format!("{devices} devices in {cycles} cycles are more than {MOST}; give fewer").into());
    }
    let variation = variation(args)?;
    let nominal = program(&task.device, &task.start, schedule)?;
    let places: Vec<(u64, u64)> = (0..devices).flat_map(|k| (0..cycles).map(move |n| (k, n))).collect();
    let draw =
        |(index, cycle): (u64, u64)| one((task, schedule, &nominal), &variation, args.seed, index, cycle);
    let all = places.into_par_iter().map(draw).collect::<Result<Vec<_>>>()?;
    let duts =
        || all.iter().map(|one| Dut { device: one.device, start: one.start.clone() }).collect::<Vec<_>>();
    outputs.write(|| table(&variation, &all), |folder| decks(folder, task, &duts(), &nominal))?;
    let summary = Summary::of(schedule, &all);
    match json {
        true => print_json_line(&summary.object(args, schedule, &all)),
        false => print(&summary.text(schedule, &all)),
    }
}

fn one(
    (task, schedule, nominal): (&Task, &Schedule, &Programmed),
    variation: &Variation,
    seed: u64,
    index: u64,
    cycle: u64,
) -> Result<Drawn> {
    let device = variation.cycle(&task.device, seed, index, cycle)?;
    let start = device.within(&task.start);
    // A device that misses its target is a result, not a mistake.
    let verified = program(&device, &start, schedule);
    let verified = verified.map(|done| done.pulses.len()).map_err(|error| error.to_string());
    let blind = replay(&device, &start, nominal, task.timing.v_read)?;
    let blind = blind.last().copied().unwrap_or(f64::NAN);
    Ok(Drawn { index, cycle, device, start, verified, blind })
}

/// A line per device and cycle: what was drawn, and what came of it.
fn table(variation: &Variation, all: &[Drawn]) -> Result<String> {
    let mut names: Vec<&str> = Vec::new();
    for spread in variation.devices.iter().chain(&variation.cycles) {
        if !names.contains(&spread.parameter.as_ref()) {
            names.push(&spread.parameter);
        }
    }
    let mut text = format!("{HEAD},{}\n", names.join(","));
    for one in all {
        let pulses = one.verified.as_ref().map(ToString::to_string).unwrap_or_default();
        write!(text, "{},{},{pulses},{:e}", one.index, one.cycle, one.blind)?;
        for name in &names {
            write!(text, ",{:e}", one.device.get(name)?)?;
        }
        text += "\n";
    }
    Ok(text)
}

/// What came of all of them.
struct Summary {
    met: usize,
    /// Least, median and most pulses of those that met the target.
    pulses: Option<[usize; 3]>,
    /// Mean and standard deviation of the conductance after the nominal device's pulses, siemens.
    blind: (f64, f64),
}

impl Summary {
    fn of(schedule: &Schedule, all: &[Drawn]) -> Self {
        let mut pulses: Vec<usize> = all.iter().filter_map(|one| one.verified.clone().ok()).collect();
        pulses.sort_unstable();
        let met = pulses.len();
        let pulses = (met > 0).then(|| [pulses[0], pulses[met / 2], pulses[met - 1]]);
        let n = all.len() as f64;
        // About the target, so that equal conductances have no deviation by rounding.
        let target = schedule.target;
        let mean = target + all.iter().map(|one| one.blind - target).sum::<f64>() / n;
        let squares: f64 = all.iter().map(|one| (one.blind - mean).powi(2)).sum();
        Self { met, pulses, blind: (mean, (squares / n).sqrt()) }
    }

    fn text(&self, schedule: &Schedule, all: &[Drawn]) -> String {
        let (met, count) = (self.met, all.len());
        let (percent, target) = (100.0 * schedule.tolerance, siemens(schedule.target));
        let mut text = format!("{met} of {count} are within {percent} % of {target}");
        if let Some([least, median, most]) = self.pulses {
            text += &format!(", after {least} to {most} pulses, {median} in the middle");
        }
        let (mean, deviation) = (siemens(self.blind.0), siemens(self.blind.1));
        text += &format!(
            "\nafter the pulses of the nominal device, without verify: {mean}, deviation {deviation}\n"
        );
        let missed = all.iter().find_map(|one| Some((one, one.verified.as_ref().err()?)));
        if let Some((Drawn { index, cycle, .. }, error)) = missed {
            text += &format!("the first that missed, device {index} in cycle {cycle}: {error}\n");
        }
        text
    }

    fn object(&self, args: &ProgramArgs, schedule: &Schedule, all: &[Drawn]) -> Value {
        let pulses = self
            .pulses
            .map(|[least, median, most]| json!({ "least": least, "median": median, "most": most }));
        let missed: Vec<Value> = all
            .iter()
            .filter_map(|one| {
                Some(json!({ "device": one.index, "cycle": one.cycle, "why": one.verified.as_ref().err()? }))
            })
            .collect();
        json!({
            "model": args.model, "target": schedule.target, "tolerance": schedule.tolerance,
            "programmed": all.len(), "seed": args.seed, "met": self.met, "pulses": pulses, "missed": missed,
            "without_verify": { "mean": self.blind.0, "deviation": self.blind.1 },
        })
    }
}
