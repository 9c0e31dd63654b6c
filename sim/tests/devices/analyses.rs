//! What twins assume of ngspice's analyses: states hold in every one that is not transient, in any order and after any
//! other, and a transient starts from them.

use crate::bench::{Simulator, engine};
use crate::hysteresis::sets;
use memloom::device::Device;
use memloom_codegen::{device_twin, start_arguments};
use memloom_sim::external::Limits;
use std::fmt::Write;

/// An analysis, and the commands before it.
const ANALYSES: [&str; 9] = [
    "op",
    "dc vdrive -0.1 0.1 0.05",
    "dc vdrive 0.1 -0.1 -0.05",
    "alter vdrive dc = -0.1\nop",
    "tran 1n 20n",
    "op",
    "dc vdrive 0 0.1 0.1",
    "alter vdrive dc = 0.05\ntran 1n 20n uic",
    "dc vdrive 0.05 0.05 1",
];

/// A state of every set that is not where it would be by itself.
fn devices() -> Vec<(Device, Vec<f64>)> {
    let programmed = |device: Device| {
        let (low, high) = device.reach(0.1);
        let state = device.state_for((low.max(1e-3 * high) * high).sqrt(), 0.1).unwrap();
        (device, state)
    };
    sets().map(|(_, set)| programmed(set.device)).collect()
}

/// Every set under one drive, through all analyses, each written to a plot of its own.
fn deck(devices: &[(Device, Vec<f64>)]) -> String {
    let (mut text, mut saved) = ("* analyses\n".to_owned(), String::new());
    for (k, (device, start)) in devices.iter().enumerate() {
        text += &device_twin(&format!("cell{k}"), device, &device.initial()).unwrap();
        let start = start_arguments(device, start);
        let start: String = start.iter().map(|(name, value)| format!(" {name}={value:e}")).collect();
        writeln!(text, "X{k} a 0 cell{k}{start}").unwrap();
        device.spec().states.iter().for_each(|state| write!(saved, " v(x{k}.{})", state.name).unwrap());
    }
    text += "Vdrive a 0 DC 0.1\n.options reltol=1e-6 vntol=1e-9 abstol=1e-14\n.control\n";
    text += &format!("optran 1 1 1 0 0 0\nset filetype=binary\nset appendwrite\nsave v(a){saved}\n");
    for analysis in ANALYSES {
        writeln!(text, "{analysis}\nwrite out.raw").unwrap();
    }
    text + "quit 0\n.endc\n.end\n"
}

#[test]
fn states_hold_in_every_analysis_that_is_not_transient() {
    let devices = devices();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deck.cir");
    std::fs::write(&path, deck(&devices)).unwrap();
    let run = engine(Simulator::Ngspice).run(&path, &Limits::default()).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(run.plots.len(), ANALYSES.len());
    for (analysis, plot) in ANALYSES.iter().zip(&run.plots) {
        for (k, (device, start)) in devices.iter().enumerate() {
            let states = device.spec().states.iter().zip(start);
            for (state, wanted) in states.filter(|(state, _)| !state.settles) {
                let given = plot.voltage(&format!("x{k}.{}", state.name)).unwrap();
                let held = if analysis.contains("tran") { &given[..1] } else { given };
                for (point, x) in held.iter().enumerate() {
                    let what = format!("{} in `{analysis}`, point {point}", device.spec().name);
                    // With `uic` the first point is a step on.
                    let part = if analysis.ends_with("uic") { 1e-3 } else { 1e-6 };
                    assert!((x - wanted).abs() <= part * wanted.abs().max(1e-3), "{what}: {x} for {wanted}");
                }
            }
        }
    }
}
