//! The report of a build: one self-contained page.

use crate::account::{Accounts, LayerCount};
use crate::build::calibration;
use crate::compare::Comparison;
use crate::reading::Reading;
use crate::report::thousands;
use crate::{Result, html};
use memloom::ir::Element;
use memloom_flow::Lowered;
use memloom_network::Verdict;
use memloom_network::technologies::verdicts;
use minijinja::Value;
use minijinja::value::Serde;
use serde::Serialize;
use serde_json::json;

/// The page's text.
pub(crate) fn page(job: &Lowered, parts: &Accounts, reading: &Reading, check: &Comparison) -> Result<String> {
    let settings = &job.source.network.settings;
    let technology = &job.plan.technology;
    let values = json!({
        "name": job.source.name,
        "network": format!("{} on {}, {} classes", settings.arch, settings.input, settings.classes.len()),
        "technology": technology.name,
        "scheme": technology.signed.name(),
        "tile": format!("{} x {}", technology.tile.0, technology.tile.1),
        "calibration": calibration(job),
        "version": env!("CARGO_PKG_VERSION"),
        "totals": totals(parts),
        "check": check_lines(check),
        "findings": job.findings,
        "cells": cells(&technology.name),
        "reading": reading.text(),
        "histogram": Histogram::of(job),
        "amplifiers": parts.amplifiers.iter().map(|a| json!({
            "block": a.block, "count": thousands(a.count), "op_amps": thousands(a.op_amps), "what": a.what,
        })).collect::<Vec<_>>(),
        "accounts": parts.accounts.iter().map(|a| json!({
            "what": a.what, "circuit": thousands(a.circuit), "network": thousands(a.network), "why": a.why,
        })).collect::<Vec<_>>(),
        "layers": layers(&parts.layers),
    });
    html::render("report.html", html::template("report.html.j2")?, Value::from(Serde(values)))
}

/// Which cells are good enough as transistors; nothing where none were measured.
fn cells(technology: &str) -> Vec<serde_json::Value> {
    let line = |verdict: Verdict| {
        json!({
            "cell": verdict.cell,
            "made_of": if verdict.transistors { "transistors" } else { "behavioural" },
            "why": verdict.why,
            "supply_current": format!("{:.1}", 1e6 * verdict.supply_current),
        })
    };
    verdicts(technology).into_iter().map(line).collect()
}

#[derive(Serialize)]
struct Total {
    what: &'static str,
    value: String,
}

fn totals(parts: &Accounts) -> Vec<Total> {
    let total = &parts.total;
    let values = [
        ("memristors", total.memristors),
        ("tiles", total.crossbars),
        ("op-amps", total.op_amps),
        ("of them inverters", parts.inverters),
        ("activation and multiplier cells", total.behaviours),
        ("sample-and-hold cells", total.holds),
    ];
    values.into_iter().map(|(what, value)| Total { what, value: thousands(value) }).collect()
}

fn check_lines(check: &Comparison) -> serde_json::Value {
    let line = |c: &crate::compare::Difference| {
        json!({
            "circuit": c.circuit,
            "logit": format!("{:.3e}", c.logit),
            "of_span": format!("{:.3e}", c.of_span),
            "same_class": c.same_class,
            "clipped": c.clipped,
        })
    };
    json!({
        "source": check.source,
        "images": check.images,
        "circuits": check.circuits.iter().map(line).collect::<Vec<_>>(),
    })
}

fn layers(layers: &[LayerCount]) -> Vec<serde_json::Value> {
    let largest = |of: fn(&LayerCount) -> u64| layers.iter().map(of).max().unwrap_or(0).max(1) as f64;
    let memristors = largest(|l| l.parts.memristors);
    let op_amps = largest(|l| l.parts.op_amps);
    let share = |n: u64, of: f64| format!("{:.2}", 100.0 * n as f64 / of);
    let line = |l: &LayerCount| {
        json!({
            "name": l.name,
            "kind": l.kind,
            "input": l.input,
            "output": l.output,
            "ticks": l.ticks,
            "tiles": thousands(l.parts.crossbars),
            "memristors": thousands(l.parts.memristors),
            "op_amps": thousands(l.parts.op_amps),
            "memristor_share": share(l.parts.memristors, memristors),
            "op_amp_share": share(l.parts.op_amps, op_amps),
        })
    };
    layers.iter().map(line).collect()
}

/// Number of cells by target conductance, from 0 to the cell's `g_max`; drawn, in picture units.
#[derive(Serialize)]
struct Histogram {
    width: f64,
    height: f64,
    highest: String,
    bars: Vec<Bar>,
    ticks: Vec<Tick>,
}

#[derive(Serialize)]
struct Bar {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    title: String,
}

#[derive(Serialize)]
struct Tick {
    x: f64,
    text: String,
}

impl Histogram {
    const BINS: usize = 100;
    const TICKS: usize = 5;

    fn of(job: &Lowered) -> Self {
        let (width, height) = (1000.0, 220.0);
        let g_max = job.plan.technology.cell.spec.g_max;
        let counts = counts(job, g_max);
        let highest = counts.iter().copied().max().unwrap_or(0);
        let step = width / Self::BINS as f64;
        let micro = |bin: usize| 1e6 * g_max * bin as f64 / Self::BINS as f64;
        let bar = |(bin, count): (usize, &u64)| {
            let tall = height * *count as f64 / highest.max(1) as f64;
            let title = format!("{:.1} to {:.1} uS: {} cells", micro(bin), micro(bin + 1), thousands(*count));
            Bar { x: bin as f64 * step, y: height - tall, width: step * 0.9, height: tall, title }
        };
        let tick = |k: usize| Tick {
            // The outer labels stay inside the picture.
            x: (width * k as f64 / Self::TICKS as f64).clamp(12.0, width - 16.0),
            text: format!("{:.0}", micro(k * Self::BINS / Self::TICKS)),
        };
        let bars = counts.iter().enumerate().map(bar).collect();
        Self {
            width,
            height,
            highest: thousands(highest),
            bars,
            ticks: (0..=Self::TICKS).map(tick).collect(),
        }
    }
}

fn counts(job: &Lowered, g_max: f64) -> Vec<u64> {
    let mut counts = vec![0; Histogram::BINS];
    for (_, _, module) in job.circuit.design.modules.iter() {
        for (_, _, instance) in module.instances.iter() {
            let Element::Crossbar(array) = &instance.element else { continue };
            for (_, _, g) in array.cells() {
                let bin = (f64::from(g) / g_max * Histogram::BINS as f64) as usize;
                counts[bin.min(Histogram::BINS - 1)] += 1;
            }
        }
    }
    counts
}
