//! `memloom program`.

mod many;
mod report;

use crate::Result;
use crate::args::ProgramArgs;
use crate::fit::save;
use crate::quantity::{quantity, setting};
use crate::report::print;
use memloom::device::{Device, Dimension, Spec};
use memloom_codegen::{DIALECTS, Dut, pulse_deck};
use memloom_sim::device::program::{Programmed, Schedule, Staircase, program, read_disturb};
use std::path::Path;

/// Sense resistor of a deck, over the device's lowest resistance.
const SENSE: f64 = 1e-5;
/// Steps of a deck within a pulse.
const STEPS: f64 = 200.0;

/// What is programmed, and how.
struct Task {
    device: Device,
    start: Vec<f64>,
    schedule: Schedule,
}

/// Programs one device, or one for each draw of a spread.
pub(crate) fn run(args: &ProgramArgs, json: bool) -> Result<()> {
    let task = Task::of(args)?;
    if many::wanted(args) {
        return many::run(args, &task, json);
    }
    let Task { device, start, schedule } = &task;
    let done = program(device, start, schedule)?;
    let disturb = read_disturb(device, &done.state, schedule.v_read, schedule.width, args.reads)?;
    if let Some(path) = &args.trace {
        save(path, &report::trace(&done))?;
    }
    if let Some(folder) = &args.decks {
        decks(folder, &task, &[Dut { device: *device, start: start.clone() }], &done)?;
    }
    print(&if json {
        format!("{}\n", report::object(args, schedule, &done, disturb))
    } else {
        report::text(args, &task, &done, disturb)
    })
}

impl Task {
    fn of(args: &ProgramArgs) -> Result<Self> {
        let spec = Spec::find(&args.model)?;
        let own = args.with.iter().map(|text| setting(text, spec)).collect::<Result<Vec<_>>>()?;
        let own: Vec<(&str, f64)> = own.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        let device = Device::named(spec.name, args.set.as_deref(), &own)?;
        let schedule = schedule(args, &device)?;
        let start = match &args.from {
            Some(text) => device.state_for(quantity(text, Dimension::Conductance)?, schedule.v_read)?,
            None => device.initial(),
        };
        Ok(Self { device, start, schedule })
    }
}

/// The model's schedule with what the arguments say instead.
fn schedule(args: &ProgramArgs, device: &Device) -> Result<Schedule> {
    let v_read = quantity(&args.v_read, Dimension::Voltage)?;
    let time = |text: &String| quantity(text, Dimension::Time);
    let mut schedule = Schedule::of(device, quantity(&args.target, Dimension::Conductance)?, v_read)?;
    schedule.tolerance = quantity(&args.tolerance, Dimension::Number)?;
    schedule.most = args.pulses as usize;
    if let Some(width) = args.width.as_ref().map(time).transpose()? {
        (schedule.width, schedule.edge) = (width, 0.1 * width);
    }
    schedule.edge = args.edge.as_ref().map(time).transpose()?.unwrap_or(schedule.edge);
    schedule.raise = args.raise.as_deref().map(staircase).transpose()?.unwrap_or(schedule.raise);
    schedule.lower = args.lower.as_deref().map(staircase).transpose()?.unwrap_or(schedule.lower);
    Ok(schedule)
}

fn staircase(text: &str) -> Result<Staircase> {
    let volts = text.split(',').map(|part| quantity(part, Dimension::Voltage)).collect::<Result<Vec<_>>>()?;
    match volts.as_slice() {
        [first, last, step] => Ok(Staircase { first: *first, last: *last, step: step.abs() }),
        _ => {
            Err(format!("`{text}` is no staircase; write first, last and step, such as `0.5V,2V,50mV`")
                .into())
        }
    }
}

/// A deck per dialect that drives `duts` by the pulses of `done`, with the models beside it.
fn decks(folder: &Path, task: &Task, duts: &[Dut], done: &Programmed) -> Result<()> {
    let sense = SENSE / task.device.reach(task.schedule.v_read).1;
    for dialect in DIALECTS {
        let deck = pulse_deck(dialect, "program", duts, &done.wave, sense, task.schedule.width / STEPS)?;
        let folder = folder.join(dialect.name());
        save(&folder.join(&deck.name), &deck.text)?;
        deck.files.iter().try_for_each(|file| save(&folder.join(&file.name), &file.text))?;
    }
    Ok(())
}
