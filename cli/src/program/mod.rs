//! `memloom program`.

mod many;
mod report;

use crate::Result;
use crate::args::ProgramArgs;
use crate::quantity::{limits, setting};
use crate::report::{print, print_json_line};
use memloom::device::{Device, Spec};
use memloom_codegen::{Dut, pulse_deck, simulated};
use memloom_flow::output::{Form, Kind, Mark, Staging, Target};
use memloom_sim::device::program::{Programmed, Schedule, Staircase, Timing, program, read_disturb, train};
use serde_json::json;
use std::path::Path;

/// Sense resistor of a deck, over the device's lowest resistance.
const SENSE: f64 = 1e-5;
/// Steps of a deck within a pulse.
const STEPS: f64 = 200.0;
/// Most pulses of a train.
const MOST_PULSES: usize = 100_000;

/// How traces are known again: by the heads of their tables.
const TRACE: Mark = Mark::new(Form::Csv(&[report::HEAD, many::HEAD]), "memloom program");

/// What is programmed.
struct Task {
    device: Device,
    start: Vec<f64>,
    timing: Timing,
}

/// Programs one device, or one for each draw of a spread.
pub(crate) fn run(args: &ProgramArgs, json: bool) -> Result<()> {
    let task = Task::of(args)?;
    let outputs = Outputs::new(args)?;
    let Task { device, start, timing } = &task;
    let (done, target) = match &args.target {
        None => (train(device, start, *timing, &amplitudes(&args.train)?)?, None),
        Some(target) => {
            let schedule = schedule(args, &task, target)?;
            if many::wanted(args) {
                return many::run(args, &task, &schedule, outputs, json);
            }
            (program(device, start, &schedule)?, Some(schedule.target))
        }
    };
    let disturb = read_disturb(device, &done.state, *timing, args.reads)?;
    outputs.write(
        || Ok(report::trace(&done)),
        |folder| decks(folder, &task, &[Dut { device: *device, start: start.clone() }], &done),
    )?;
    match json {
        true => print_json_line(&report::object(args, &task, target, &done, disturb)),
        false => print(&report::text(args, &task, target, &done, disturb)),
    }
}

impl Task {
    fn of(args: &ProgramArgs) -> Result<Self> {
        let spec = Spec::find(&args.model)?;
        let own = args.with.iter().map(|text| setting("with", text, spec)).collect::<Result<Vec<_>>>()?;
        let own: Vec<(&str, f64)> = own.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let device = Device::named(spec.name, args.set.as_deref(), &own)?;
        let mut timing = Timing::of(&device, limits::V_READ.flag("v-read", &args.v_read)?);
        if let Some(width) = &args.width {
            timing.width = limits::PULSE_TIME.flag("width", width)?;
            timing.edge = 0.1 * timing.width;
        }
        if let Some(edge) = &args.edge {
            timing.edge = limits::PULSE_TIME.flag("edge", edge)?;
        }
        timing.check()?;
        let start = match &args.from {
            Some(text) => device.state_for(limits::CONDUCTANCE.flag("from", text)?, timing.v_read)?,
            None => device.initial(),
        };
        Ok(Self { device, start, timing })
    }
}

/// The model's schedule with what the arguments say instead.
fn schedule(args: &ProgramArgs, task: &Task, target: &str) -> Result<Schedule> {
    let target = limits::CONDUCTANCE.flag("target", target)?;
    let mut schedule = Schedule::of(&task.device, target, task.timing.v_read)?;
    schedule.timing = task.timing;
    schedule.tolerance = limits::TOLERANCE.flag("tolerance", &args.tolerance)?;
    schedule.most = args.pulses as usize;
    schedule.raise =
        args.raise.as_deref().map(|text| staircase("raise", text)).transpose()?.unwrap_or(schedule.raise);
    schedule.lower =
        args.lower.as_deref().map(|text| staircase("lower", text)).transpose()?.unwrap_or(schedule.lower);
    Ok(schedule)
}

/// The amplitudes of trains `VOLTS,COUNT`, one after the other.
fn amplitudes(trains: &[String]) -> Result<Vec<f64>> {
    let mut volts = Vec::new();
    for text in trains {
        let parts = text.split_once(',').and_then(|(volts, count)| Some((volts, count.trim().parse().ok()?)));
        let Some((each, count)) = parts.filter(|part| (1..=MOST_PULSES).contains(&part.1)) else {
            let what = format!(
                "`{text}` is no train; write an amplitude and how many, up to {MOST_PULSES}, such as `0.6V,20`"
            );
            return Err(what.into());
        };
        volts.extend(std::iter::repeat_n(limits::PULSE_VOLTS.flag("train", each)?, count));
    }
    Ok(volts)
}

fn staircase(flag: &str, text: &str) -> Result<Staircase> {
    let volts =
        text.split(',').map(|part| limits::PULSE_VOLTS.flag(flag, part)).collect::<Result<Vec<_>>>()?;
    match volts.as_slice() {
        [first, last, step] => Ok(Staircase { first: *first, last: *last, step: step.abs() }),
        _ => Err(format!(
            "`--{flag}={text}` is no staircase; write first, last and step, such as `0.5V,2V,50mV`"
        )
        .into()),
    }
}

/// What is written besides the text on the terminal.
struct Outputs {
    trace: Option<Target>,
    decks: Option<Staging>,
}

impl Outputs {
    fn new(args: &ProgramArgs) -> Result<Self> {
        if let (Some(trace), Some(decks)) = (&args.trace, &args.decks)
            && trace.starts_with(decks)
        {
            let (trace, decks) = (trace.display(), decks.display());
            return Err(format!(
                "`--trace {trace}` lies in `--decks {decks}`, which holds decks alone; give a file outside it"
            )
            .into());
        }
        let trace =
            args.trace.as_ref().map(|path| Target::new(path, TRACE, args.replace.force)).transpose()?;
        let decks = args.decks.as_ref().map(|path| Staging::new(path, Kind::Decks)).transpose()?;
        Ok(Self { trace, decks })
    }

    /// Writes the text of `trace` and what `decks` puts into a folder, each if it is wanted.
    fn write(
        self,
        trace: impl FnOnce() -> Result<String>,
        decks: impl FnOnce(&Path) -> Result<()>,
    ) -> Result<()> {
        if let Some(target) = self.trace {
            target.write(trace()?.as_bytes())?;
        }
        if let Some(staging) = self.decks {
            decks(staging.path())?;
            let files = staging.files()?;
            staging.finish(&json!({}), &files)?;
        }
        Ok(())
    }
}

/// A deck per dialect that drives `duts` by the pulses of `done`, with the models beside it.
fn decks(folder: &Path, task: &Task, duts: &[Dut], done: &Programmed) -> Result<()> {
    let sense = SENSE / task.device.reach(task.timing.v_read).1;
    for dialect in simulated() {
        let deck = pulse_deck(dialect, "program", duts, &done.wave, sense, task.timing.width / STEPS)?;
        let folder = folder.join(dialect.name());
        std::fs::create_dir(&folder).map_err(|e| format!("cannot write `{}`: {e}", folder.display()))?;
        deck.write_to(&folder)?;
    }
    Ok(())
}
