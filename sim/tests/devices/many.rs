//! A thousand devices in one transient run, from starts spread over their range, and what that costs: with
//! `MEMLOOM_MEASURE=1`, run alone, this rewrites the table of `docs/devices.md`.

use crate::bench::{Bench, SIMULATORS, peak, reference};
use crate::wave::sweep;
use memloom::device::{Device, Spec};
use std::fmt::Write;
use std::path::Path;

const COUNT: usize = 1000;
/// Different starts: a device that switches on its own makes all others wait for its time steps.
const STARTS: usize = 4;
const READ: f64 = 0.1;

#[test]
fn a_thousand_devices_in_one_run() {
    let mut table = HEAD.to_owned();
    for spec in Device::SPECS {
        write!(table, "| `{}` |", spec.name).unwrap();
        let costs = run(spec);
        costs
            .iter()
            .for_each(|Cost { points, seconds }| write!(table, " {points} | {seconds:.1} |").unwrap());
        let [twin, compiled] = costs.map(|cost| 1e6 * cost.seconds / (COUNT * cost.points) as f64);
        writeln!(table, " {twin:.0} us | {compiled:.2} us | {:.0} |", twin / compiled).unwrap();
    }
    println!("{table}");
    if std::env::var_os("MEMLOOM_MEASURE").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../devices/tests/page/cost.md");
        std::fs::write(path, table).unwrap();
    }
}

const HEAD: &str = "\
| model | points, ngspice | s | points, VACASK | s | twin in ngspice | compiled in VACASK | ratio |
| --- | --- | --- | --- | --- | --- | --- | --- |
";

/// What a run takes.
struct Cost {
    points: usize,
    /// Of processor time.
    seconds: f64,
}

/// A thousand devices of the first set in both simulators: their sum is that of the references.
fn run(spec: &Spec) -> [Cost; 2] {
    let device = spec.sets[0].device;
    let (low, high) = device.reach(READ);
    let low = low.max(1e-3 * high);
    let target = |k: usize| low * (high / low).powf(k as f64 / (STARTS - 1) as f64);
    let few: Vec<Vec<f64>> = (0..STARTS).map(|k| device.state_for(target(k), READ).unwrap()).collect();
    let starts: Vec<Vec<f64>> = (0..COUNT).map(|k| few[k % STARTS].clone()).collect();
    let wave = sweep(device.sweep(), 0.05, 40);
    let sampled: Vec<_> = few.iter().map(|x| reference(&device, x, &wave)).collect();
    let sum = |k: usize| sampled.iter().map(|trace| trace.current[k]).sum::<f64>();
    let wanted: Vec<f64> = (0..wave.len()).map(|k| (COUNT / STARTS) as f64 * sum(k)).collect();
    SIMULATORS.map(|simulator| {
        let bench =
            Bench { device: &device, starts: &starts, wave: &wave, step: device.sweep().period / 400.0 };
        let before = children_seconds();
        let (trace, run) = bench.run(simulator);
        for (given, wanted_now) in trace.current.iter().zip(&wanted) {
            let error = (given - wanted_now).abs() / peak(&wanted);
            assert!(error < 5e-3, "{} in {simulator:?}: {given:e} for {wanted_now:e}", spec.name);
        }
        Cost { points: run.plots[0].points, seconds: children_seconds() - before }
    })
}

/// Processor time of all processes that this one has waited for: fields 16 and 17 of proc(5)'s stat, hundredths of a second.
fn children_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field is a name in parentheses, the third a letter.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(13).take(2).map(|hundredths| hundredths.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}
