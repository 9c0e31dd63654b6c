//! What came of programming one device.

use super::Task;
use crate::args::ProgramArgs;
use memloom::device::Dimension;
use memloom_sim::device::program::{Programmed, Timing};
use serde_json::{Value, json};
use std::fmt::Write;

/// Head of a trace.
pub(super) const HEAD: &str = "pulse,volts,siemens,read_at\n";

/// A conductance to five digits, with its unit.
pub(super) fn siemens(g: f64) -> String {
    rounded(g, Dimension::Conductance)
}

fn rounded(value: f64, dimension: Dimension) -> String {
    dimension.show(format!("{value:.4e}").parse().unwrap_or(value))
}

pub(super) fn text(
    args: &ProgramArgs,
    task: &Task,
    target: Option<f64>,
    done: &Programmed,
    disturb: f64,
) -> String {
    let mut text = format!("{:>5}  {:>10}  conductance\n", "pulse", "amplitude");
    let line = |n: usize, volts: String, g: f64| format!("{n:>5}  {volts:>10}  {}\n", siemens(g));
    text += &line(0, String::new(), done.before);
    for (n, pulse) in done.pulses.iter().enumerate() {
        text += &line(n + 1, format!("{:.4} V", pulse.volts), pulse.conductance);
    }
    let (model, given) = (task.device.spec().name, siemens(done.conductance));
    let (count, width) = (done.pulses.len(), rounded(task.timing.width, Dimension::Time));
    let off = target.map(|target| {
        format!(", {:+.3} % from {},", 100.0 * (done.conductance / target - 1.0), siemens(target))
    });
    let (reads, v_read) = (args.reads, task.timing.v_read);
    text += &format!(
        "`{model}` is at {given}{} after {count} pulses of {width}\n\
         {reads} reads of {width} at {v_read} V change it by {:.3e} %\n",
        off.unwrap_or_default(),
        100.0 * disturb
    );
    text
}

pub(super) fn object(
    args: &ProgramArgs,
    task: &Task,
    target: Option<f64>,
    done: &Programmed,
    disturb: f64,
) -> Value {
    let pulses: Vec<Value> =
        done.pulses.iter().map(|p| json!({ "volts": p.volts, "conductance": p.conductance })).collect();
    let Timing { v_read, width, edge } = task.timing;
    json!({
        "model": args.model, "target": target, "conductance": done.conductance,
        "error": target.map(|target| done.conductance / target - 1.0), "before": done.before, "state": done.state,
        "v_read": v_read, "width": width, "edge": edge,
        "read_disturb": { "reads": args.reads, "change": disturb }, "pulses": pulses,
    })
}

/// The pulses as CSV: amplitude, conductance read after it, and when, seconds.
pub(super) fn trace(done: &Programmed) -> String {
    let mut text = HEAD.to_owned();
    let volts = std::iter::once((0.0, done.before));
    let rows = volts.chain(done.pulses.iter().map(|pulse| (pulse.volts, pulse.conductance)));
    for (n, ((volts, g), at)) in rows.zip(&done.reads).enumerate() {
        let _ = writeln!(text, "{n},{volts:e},{g:e},{at:e}");
    }
    text
}
