//! Pulse trains that the reference found, and spreads of devices, in ngspice and in VACASK.

use memloom::ir::{ABSENT, Cell, Crossbar, Design};
use memloom_codegen::{Deck, Dut, TestBench, device_parameters, number, pulse_deck, simulated};
use memloom_devices::{Device, Law, Spread, Variation};
use memloom_sim::chip::{Chip, DeviceSpread, NonIdealities};
use memloom_sim::device::program::{Programmed, Schedule, program};
use memloom_sim::device::respond;
use memloom_sim::external::raw::Plot;
use memloom_sim::external::{Engine, Limits, Ngspice, OpenVaf, Vacask};
use std::path::Path;

fn run(dialect: &dyn TestBench, deck: &Deck) -> Plot {
    let dir = tempfile::tempdir().unwrap();
    let path = deck.write_to(dir.path()).unwrap();
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openvaf");
    let engine: Box<dyn Engine> = match dialect.takes_verilog_a() {
        false => Box::new(Ngspice::find().unwrap()),
        true => Box::new(Vacask::find().unwrap().compiling(OpenVaf::find(cache).unwrap())),
    };
    let run = engine.run(&path, &Limits::default());
    run.unwrap_or_else(|error| panic!("{error}")).plots.remove(0)
}

/// Conductance of device `k` at the time `t`, from the voltage across its sense resistor.
fn conductance(plot: &Plot, k: usize, sense: f64, t: f64) -> f64 {
    let at = |node: &str| plot.at_time(plot.voltage(node).unwrap(), t).unwrap();
    let (drive, across) = (at("drive"), at(&format!("sense_{k}")));
    across / sense / (drive - across)
}

fn programmed(device: &Device, from: f64, to: f64, v_read: f64) -> (Vec<f64>, Schedule, Programmed) {
    let start = device.state_for(from, v_read).unwrap();
    let schedule = Schedule::of(device, to, v_read).unwrap();
    let done = program(device, &start, &schedule).unwrap();
    (start, schedule, done)
}

/// From high to the middle and from low to the middle, read after each pulse.
#[test]
fn simulators_read_what_the_reference_programmed() {
    for (name, from, to) in [("vteam", 2e-5, 5e-5), ("vteam", 5e-4, 1e-4), ("yakopcic", 1e-3, 4e-3)] {
        let device = Device::named(name, None, &[]).unwrap();
        let (start, schedule, done) = programmed(&device, from, to, 0.1);
        let sense = 1e-5 / device.reach(0.1).1;
        for dialect in simulated() {
            let duts = [Dut { device, start: start.clone() }];
            let step = schedule.timing.width / 200.0;
            let deck = pulse_deck(dialect, "program_cell", &duts, &done.wave, sense, step).unwrap();
            let plot = run(dialect, &deck);
            let wanted = std::iter::once(done.before).chain(done.pulses.iter().map(|p| p.conductance));
            let mut worst = 0.0f64;
            for (t, wanted) in done.reads.iter().zip(wanted) {
                worst = worst.max((conductance(&plot, 0, sense, *t) / wanted - 1.0).abs());
            }
            let last = conductance(&plot, 0, sense, *done.reads.last().unwrap());
            println!(
                "{name} {from:e} -> {to:e} S in {}: {} pulses, last {last:e} S, worst read {worst:.1e}",
                dialect.name(),
                done.pulses.len()
            );
            // Reads at full conductance magnify what a state of VTEAM misses by three hundred.
            assert!(worst < 1e-2, "{name} in {}: {worst:e}", dialect.name());
            let wanted = done.conductance;
            assert!(
                (last / wanted - 1.0).abs() < 2e-3,
                "{name} in {}: {last:e} S for {wanted:e} S",
                dialect.name()
            );
        }
    }
}

/// Ten per cent of spread in resistances and rates, fifty millivolts in thresholds.
fn variation() -> Variation {
    Variation::of_devices([
        Spread::new("r_on", Law::Lognormal(0.1)),
        Spread::new("r_off", Law::Lognormal(0.1)),
        Spread::new("k_off", Law::Lognormal(0.1)),
        Spread::new("v_off", Law::Normal(0.01)),
        Spread::new("v_on", Law::Uniform(0.05)),
    ])
}

#[test]
fn a_hundred_devices_spread_alike_in_reference_and_simulators() {
    let nominal = Device::named("vteam", None, &[]).unwrap();
    let devices: Vec<Device> = (0..100).map(|k| variation().device(&nominal, 11, k).unwrap()).collect();
    // A pulse towards HRS, a read.
    let wave = [
        (0.0, 0.0),
        (1e-9, 0.6),
        (6e-9, 0.6),
        (7e-9, 0.0),
        (8e-9, 0.1),
        (18e-9, 0.1),
        (19e-9, 0.0),
        (2e-8, 0.0),
    ];
    let read = |device: &Device| {
        let trace = respond(device, &[0.0], &wave, 1e-9).unwrap();
        trace.current[5] / 0.1
    };
    let wanted: Vec<f64> = devices.iter().map(read).collect();
    let (mean, deviation) = moments(&wanted);
    println!("reference: mean {mean:e} S, deviation {deviation:e} S");
    assert!(deviation / mean > 0.1, "the spread shows");
    let sense = 1e-2;
    for dialect in simulated() {
        let duts: Vec<Dut> = devices.iter().map(|d| Dut { device: *d, start: vec![0.0] }).collect();
        let deck = pulse_deck(dialect, "spread", &duts, &wave, sense, 1e-11).unwrap();
        for device in &devices {
            for (name, value) in device_parameters(device, &[0.0]) {
                assert!(deck.text.contains(&format!("{name}={value}")), "{}: {name}={value}", dialect.name());
            }
            let v_off = device.get("v_off").unwrap();
            assert_eq!(number(v_off).parse::<f64>().unwrap(), v_off);
        }
        let plot = run(dialect, &deck);
        let given: Vec<f64> = (0..100).map(|k| conductance(&plot, k, sense, 18e-9)).collect();
        for (k, (given, wanted)) in given.iter().zip(&wanted).enumerate() {
            assert!(
                (given / wanted - 1.0).abs() < 2e-3,
                "{} device {k}: {given:e} for {wanted:e}",
                dialect.name()
            );
        }
        let (its_mean, its_deviation) = moments(&given);
        println!("{}: mean {its_mean:e} S, deviation {its_deviation:e} S", dialect.name());
        assert!((its_mean / mean - 1.0).abs() < 1e-3 && (its_deviation / deviation - 1.0).abs() < 1e-2);
    }
}

/// A chip of seed 3 whose devices spread.
fn chip(spreads: impl IntoIterator<Item = Spread>, cycle: u64) -> Chip {
    let mut variation = Variation::of_devices(spreads);
    variation.cycles = vec![Spread::new("r_on", Law::Lognormal(0.03))];
    let devices = Some(DeviceSpread { variation, cycle });
    Chip::new(NonIdealities { seed: 3, devices, ..NonIdealities::default() }).unwrap()
}

/// What the evaluator takes for a crossbar is what its devices conduct in a deck, each in the state of its target.
#[test]
fn a_crossbar_of_a_chip_conducts_as_its_devices_do_in_simulators() {
    let cell = Cell::new(1e-6, 1e-4, 0.1);
    let id = Design::new("test").cells.insert("cell", cell.clone()).unwrap();
    let target: Vec<f32> = (0..12).map(|k| if k == 5 { ABSENT } else { 2e-6 + 8e-6 * k as f32 }).collect();
    let target = Crossbar::new(4, 3, id, 0.0, target);
    let chip = chip([Spread::new("r_on", Law::Lognormal(0.1)), Spread::new("r_off", Law::Lognormal(0.1))], 2);
    let made = chip.crossbar("top.layer.xbar", &target, &cell).unwrap().unwrap();
    assert_eq!(made.conductance()[5], ABSENT);
    let places: Vec<usize> = (0..12).filter(|at| *at != 5).collect();
    let dut = |at: &usize| {
        let start = cell.device.state_for(f64::from(target.conductance()[*at]), cell.v_read).unwrap();
        Dut { device: chip.device("top.layer.xbar", &cell, *at).unwrap(), start }
    };
    let duts: Vec<Dut> = places.iter().map(dut).collect();
    let wave = [(0.0, 0.0), (1e-9, 0.1), (1e-8, 0.1)];
    for dialect in simulated() {
        let plot = run(dialect, &pulse_deck(dialect, "crossbar", &duts, &wave, 1e-2, 1e-10).unwrap());
        for (k, at) in places.iter().enumerate() {
            let (given, wanted) = (conductance(&plot, k, 1e-2, 9e-9), f64::from(made.conductance()[*at]));
            assert!((given / wanted - 1.0).abs() < 1e-5, "{} {at}: {given:e} {wanted:e}", dialect.name());
            assert!((wanted / f64::from(target.conductance()[*at]) - 1.0).abs() > 1e-4, "{at} is spread");
        }
    }
}

#[test]
fn devices_of_a_chip_go_by_seed_place_and_cycle() {
    let cell = Cell::new(1e-6, 1e-4, 0.1);
    let of = |cycle| chip([Spread::new("r_off", Law::Lognormal(0.1))], cycle);
    let get =
        |chip: &Chip, path: &str, at, name: &str| chip.device(path, &cell, at).unwrap().get(name).unwrap();
    assert_eq!(get(&of(0), "top.a", 7, "r_off"), get(&of(1), "top.a", 7, "r_off"));
    assert_ne!(get(&of(0), "top.a", 7, "r_on"), get(&of(1), "top.a", 7, "r_on"));
    assert_ne!(get(&of(0), "top.a", 7, "r_off"), get(&of(0), "top.b", 7, "r_off"));
    assert_ne!(get(&of(0), "top.a", 7, "r_off"), get(&of(0), "top.a", 8, "r_off"));
    let wrong = chip([Spread::new("r_of", Law::Lognormal(0.1))], 0).device("top.a", &cell, 0).unwrap_err();
    assert!(wrong.to_string().contains("no parameter `r_of`; write `r_off`"), "{wrong}");
    let text = serde_json::to_string(of(0).spec()).unwrap();
    assert!(text.contains(r#"{"parameter":"r_off","law":{"lognormal":0.1}}"#), "{text}");
    assert_eq!(serde_json::from_str::<NonIdealities>(&text).unwrap(), *of(0).spec());
}

fn moments(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt())
}
