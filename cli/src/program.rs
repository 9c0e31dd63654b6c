//! `memloom program`.

use crate::Result;
use crate::args::ProgramArgs;
use crate::fit::save;
use crate::quantity::{quantity, setting};
use crate::report::print;
use memloom::device::{Device, Dimension, Law, Spec, Spread, Variation};
use memloom_codegen::{DIALECTS, Dut, pulse_deck};
use memloom_sim::device::program::{Programmed, Schedule, Staircase, program, read_disturb};
use rayon::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// Sense resistor of a deck, over the device's lowest resistance.
const SENSE: f64 = 1e-5;
/// Steps of a deck within a pulse.
const STEPS: f64 = 200.0;

/// Programs one device, or one for each draw.
pub(crate) fn run(args: &ProgramArgs, json: bool) -> Result<()> {
    let spec = Spec::find(&args.model)?;
    let own = args.with.iter().map(|text| setting(text, spec)).collect::<Result<Vec<_>>>()?;
    let own: Vec<(&str, f64)> = own.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let device = Device::named(spec.name, args.set.as_deref(), &own)?;
    let schedule = schedule(args, &device)?;
    let start = match &args.from {
        Some(text) => device.state_for(quantity(text, Dimension::Conductance)?, schedule.v_read)?,
        None => device.initial(),
    };
    if args.devices.is_some() || !args.spread.is_empty() {
        return spread(args, spec, &device, &start, &schedule, json);
    }
    let done = program(&device, &start, &schedule)?;
    let disturb = read_disturb(&device, &done.state, schedule.v_read, schedule.width, args.reads)?;
    if let Some(path) = &args.trace {
        save(path, &trace(&done))?;
    }
    if let Some(folder) = &args.decks {
        decks(folder, &device, &start, &schedule, &done)?;
    }
    if json {
        return print(&format!("{}\n", object(args, &schedule, &done, disturb)));
    }
    print(&text(args, &device, &schedule, &done, disturb))
}

/// The model's schedule with what the arguments say instead.
fn schedule(args: &ProgramArgs, device: &Device) -> Result<Schedule> {
    let v_read = quantity(&args.v_read, Dimension::Voltage)?;
    if v_read == 0.0 {
        return Err("`--v-read 0` reads nothing; give a voltage other than 0".into());
    }
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

fn siemens(g: f64) -> String {
    let rounded: f64 = format!("{g:.4e}").parse().unwrap_or(g);
    Dimension::Conductance.show(rounded)
}

fn text(args: &ProgramArgs, device: &Device, schedule: &Schedule, done: &Programmed, disturb: f64) -> String {
    let mut text = format!("{:>5}  {:>10}  conductance\n", "pulse", "amplitude");
    let line = |n: usize, volts: String, g: f64| format!("{n:>5}  {volts:>10}  {}\n", siemens(g));
    text += &line(0, String::new(), done.before);
    for (n, pulse) in done.pulses.iter().enumerate() {
        text += &line(n + 1, format!("{:.4} V", pulse.volts), pulse.conductance);
    }
    let error = 100.0 * (done.conductance / schedule.target - 1.0);
    let (count, target, given) = (done.pulses.len(), siemens(schedule.target), siemens(done.conductance));
    let width = Dimension::Time.show(format!("{:.3e}", schedule.width).parse().unwrap_or(schedule.width));
    let model = device.spec().name;
    let _ = writeln!(
        text,
        "`{model}` is at {given}, {error:+.3} % from {target}, after {count} pulses of {width}"
    );
    let (reads, v_read) = (args.reads, schedule.v_read);
    let _ =
        writeln!(text, "{reads} reads of that length at {v_read} V change it by {:.3e} %", 100.0 * disturb);
    text
}

fn object(args: &ProgramArgs, schedule: &Schedule, done: &Programmed, disturb: f64) -> Value {
    let pulses: Vec<Value> =
        done.pulses.iter().map(|p| json!({ "volts": p.volts, "conductance": p.conductance })).collect();
    json!({
        "model": args.model, "target": schedule.target, "conductance": done.conductance,
        "error": done.conductance / schedule.target - 1.0, "before": done.before, "state": done.state,
        "v_read": schedule.v_read, "width": schedule.width, "edge": schedule.edge,
        "read_disturb": { "reads": args.reads, "change": disturb }, "pulses": pulses,
    })
}

/// The pulses as CSV.
fn trace(done: &Programmed) -> String {
    let mut text = format!("pulse,volts,siemens\n0,0,{:e}\n", done.before);
    for (n, pulse) in done.pulses.iter().enumerate() {
        let _ = writeln!(text, "{},{},{:e}", n + 1, pulse.volts, pulse.conductance);
    }
    text
}

/// A deck per dialect, with the models beside it.
fn decks(
    folder: &Path,
    device: &Device,
    start: &[f64],
    schedule: &Schedule,
    done: &Programmed,
) -> Result<()> {
    let sense = SENSE / device.reach(schedule.v_read).1;
    for dialect in DIALECTS {
        let dut = Dut { device: *device, start: start.to_vec() };
        let deck = pulse_deck(dialect, "program", &[dut], &done.wave, sense, schedule.width / STEPS)?;
        save(&folder.join(dialect.name()).join(&deck.name), &deck.text)?;
        for file in &deck.files {
            save(&folder.join(dialect.name()).join(&file.name), &file.text)?;
        }
    }
    Ok(())
}

/// Programs many devices by one schedule.
fn spread(
    args: &ProgramArgs,
    spec: &'static Spec,
    nominal: &Device,
    start: &[f64],
    schedule: &Schedule,
    json: bool,
) -> Result<()> {
    if args.trace.is_some() || args.decks.is_some() {
        return Err("`--trace` and `--decks` are of one device; leave out `--devices` and `--spread`".into());
    }
    let set = args.set.as_deref().unwrap_or(spec.sets[0].name);
    let variation = match args.spread.as_slice() {
        [] => Variation::published(spec.name, set),
        texts => Variation::of_devices(texts.iter().map(|t| law(t, spec)).collect::<Result<Vec<_>>>()?),
    };
    if variation.devices.is_empty() {
        let what = format!("set `{set}` of `{}` has no published spread; give one by `--spread`", spec.name);
        return Err(what.into());
    }
    let count = args.devices.unwrap_or(100);
    let draw = |k| variation.device(nominal, args.seed, k);
    let devices = (0..u64::from(count)).map(draw).collect::<std::result::Result<Vec<_>, _>>()?;
    // A device that misses its target is a result, not a mistake.
    let done: Vec<_> = devices.par_iter().map(|device| program(device, start, schedule)).collect();
    let mut pulses: Vec<usize> = done.iter().flatten().map(|one| one.pulses.len()).collect();
    pulses.sort_unstable();
    let (met, target) = (pulses.len(), siemens(schedule.target));
    let part = |at: f64| pulses.get(((met.max(1) - 1) as f64 * at) as usize).copied();
    if json {
        let errors: Vec<String> =
            done.iter().filter_map(|one| Some(one.as_ref().err()?.to_string())).collect();
        return print(&format!(
            "{}\n",
            json!({
                "model": spec.name, "target": schedule.target, "devices": count, "seed": args.seed, "met": met,
                "pulses": { "least": part(0.0), "median": part(0.5), "most": part(1.0) }, "missed": errors,
            })
        ));
    }
    let mut text =
        format!("{met} of {count} devices are within {} % of {target}", 100.0 * schedule.tolerance);
    if let (Some(least), Some(median), Some(most)) = (part(0.0), part(0.5), part(1.0)) {
        let _ = write!(text, ", after {least} to {most} pulses, {median} in the middle");
    }
    text += "\n";
    if let Some((k, error)) = done.iter().enumerate().find_map(|(k, one)| Some((k, one.as_ref().err()?))) {
        let _ = writeln!(text, "the first that is not, device {k}: {error}");
    }
    print(&text)
}

/// `NAME=LAW:WIDTH`.
fn law(text: &str, spec: &Spec) -> Result<Spread> {
    let wrong = || {
        format!(
            "`{text}` is no spread; write a parameter, a law and a width, such as `v_on=normal:10mV`, `v_on=uniform:50mV` \
             or `r_on=lognormal:10%`"
        )
    };
    let (name, law) = text.split_once('=').ok_or_else(wrong)?;
    let (law, width) = law.split_once(':').ok_or_else(wrong)?;
    let parameter = &spec.parameters[spec.parameter(name.trim())?];
    let law = match law.trim() {
        "normal" => Law::Normal(quantity(width, parameter.dimension)?),
        "uniform" => Law::Uniform(quantity(width, parameter.dimension)?),
        "lognormal" => Law::Lognormal(quantity(width, Dimension::Number)?),
        _ => return Err(wrong().into()),
    };
    Ok(Spread::new(parameter.name, law))
}
