//! What came of programming one device.

use super::Task;
use crate::args::ProgramArgs;
use memloom::device::Dimension;
use memloom_sim::device::program::{Programmed, Schedule};
use serde_json::{Value, json};
use std::fmt::Write;

/// A conductance to five digits, with its unit.
pub(super) fn siemens(g: f64) -> String {
    rounded(g, Dimension::Conductance)
}

fn rounded(value: f64, dimension: Dimension) -> String {
    dimension.show(format!("{value:.4e}").parse().unwrap_or(value))
}

pub(super) fn text(args: &ProgramArgs, task: &Task, done: &Programmed, disturb: f64) -> String {
    let schedule = &task.schedule;
    let mut text = format!("{:>5}  {:>10}  conductance\n", "pulse", "amplitude");
    let line = |n: usize, volts: String, g: f64| format!("{n:>5}  {volts:>10}  {}\n", siemens(g));
    text += &line(0, String::new(), done.before);
    for (n, pulse) in done.pulses.iter().enumerate() {
        text += &line(n + 1, format!("{:.4} V", pulse.volts), pulse.conductance);
    }
    let error = 100.0 * (done.conductance / schedule.target - 1.0);
    let (count, target, given) = (done.pulses.len(), siemens(schedule.target), siemens(done.conductance));
    let (model, width) = (task.device.spec().name, rounded(schedule.width, Dimension::Time));
    let (reads, v_read) = (args.reads, schedule.v_read);
    text += &format!(
        "`{model}` is at {given}, {error:+.3} % from {target}, after {count} pulses of {width}\n\
         {reads} reads of {width} at {v_read} V change it by {:.3e} %\n",
        100.0 * disturb
    );
    text
}

pub(super) fn object(args: &ProgramArgs, schedule: &Schedule, done: &Programmed, disturb: f64) -> Value {
    let pulses: Vec<Value> =
        done.pulses.iter().map(|p| json!({ "volts": p.volts, "conductance": p.conductance })).collect();
    json!({
        "model": args.model, "target": schedule.target, "conductance": done.conductance,
        "error": done.conductance / schedule.target - 1.0, "before": done.before, "state": done.state,
        "v_read": schedule.v_read, "width": schedule.width, "edge": schedule.edge,
        "read_disturb": { "reads": args.reads, "change": disturb }, "pulses": pulses,
    })
}

/// The pulses as CSV: amplitude, conductance read after it, and when, seconds.
pub(super) fn trace(done: &Programmed) -> String {
    let mut text = String::from("pulse,volts,siemens,read_at\n");
    let volts = std::iter::once((0.0, done.before));
    let rows = volts.chain(done.pulses.iter().map(|pulse| (pulse.volts, pulse.conductance)));
    for (n, ((volts, g), at)) in rows.zip(&done.reads).enumerate() {
        let _ = writeln!(text, "{n},{volts:e},{g:e},{at:e}");
    }
    text
}
