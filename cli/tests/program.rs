//! `memloom program` as a user runs it.

mod common;

use common::{fails, files, succeeds};
use memloom_codegen::{TestBench, simulated};
use memloom_sim::external::raw::Plot;
use memloom_sim::external::{Engine, Limits, Ngspice, OpenVaf, Vacask};
use serde_json::Value;
use std::fs;
use std::path::Path;

/// Programs MAGIC's VTEAM from 20 uS to 50 uS, from low to high.
const TO_50_US: [&str; 7] = ["program", "--model", "vteam", "--target", "50uS", "--from", "20uS"];

/// Rows of a CSV file with a header, as numbers; an empty field is NaN.
fn rows(path: &Path) -> Vec<Vec<f64>> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .skip(1)
        .map(|line| line.split(',').map(|x| x.parse().unwrap_or(f64::NAN)).collect())
        .collect()
}

fn simulate(dialect: &dyn TestBench, deck: &Path) -> Plot {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("openvaf");
    let engine: Box<dyn Engine> = match dialect.takes_verilog_a() {
        false => Box::new(Ngspice::find().unwrap()),
        true => Box::new(Vacask::find().unwrap().compiling(OpenVaf::find(cache).unwrap())),
    };
    engine.run(deck, &Limits::default()).unwrap_or_else(|error| panic!("{error}")).plots.remove(0)
}

/// The resistor that senses a device's current is 1e-5 of its least resistance, 1 kohm.
const SENSE: f64 = 1e-2;

/// Conductance of device `k` at the time `t`.
fn conductance(plot: &Plot, k: usize, t: f64) -> f64 {
    let at = |node: &str| plot.at_time(plot.voltage(node).unwrap(), t).unwrap();
    let (drive, across) = (at("drive"), at(&format!("sense_{k}")));
    across / SENSE / (drive - across)
}

fn deck(folder: &Path, dialect: &dyn TestBench) -> std::path::PathBuf {
    folder.join(dialect.name()).join(format!("program.{}", dialect.extension()))
}

#[test]
fn pulses_are_told_and_its_decks_read_the_same() {
    let work = tempfile::tempdir().unwrap();
    let args =
        [&TO_50_US[..], &["--tolerance", "0.5%", "--trace", "pulses.csv", "--decks", "decks"]].concat();
    let text = succeeds(work.path(), &args);
    assert!(text.contains("% from 50 uS, after ") && text.contains("1000000 reads of "), "{text}");
    let told: Value =
        serde_json::from_str(&succeeds(work.path(), &[&args[..], &["--json"]].concat())).unwrap();
    assert!(told["error"].as_f64().unwrap().abs() <= 0.005, "{told}");
    assert_eq!(told["read_disturb"]["change"], 0.0, "a read is below the thresholds");
    let pulses = rows(&work.path().join("pulses.csv"));
    assert_eq!(pulses.len(), told["pulses"].as_array().unwrap().len() + 1);
    assert_eq!(pulses.last().unwrap()[2], told["conductance"].as_f64().unwrap());
    for dialect in simulated() {
        let plot = simulate(dialect, &deck(&work.path().join("decks"), dialect));
        for row in &pulses {
            let given = conductance(&plot, 0, row[3]);
            let said = format!("pulse {} in {}: {given:e} for {:e}", row[0], dialect.name(), row[2]);
            assert!((given / row[2] - 1.0).abs() < 5e-3, "{said}");
        }
    }
}

#[test]
fn a_train_is_read_after_each_pulse() {
    let work = tempfile::tempdir().unwrap();
    let trains = ["--train", "0.45V,5", "--train=-1.7V,3"];
    let args = [&["program", "--model", "vteam", "--from", "0.5mS"], &trains[..], &["--json"]].concat();
    let told: Value = serde_json::from_str(&succeeds(work.path(), &args)).unwrap();
    let read: Vec<f64> =
        told["pulses"].as_array().unwrap().iter().map(|p| p["conductance"].as_f64().unwrap()).collect();
    assert_eq!((read.len(), &told["target"]), (8, &Value::Null));
    assert!(read[..5].is_sorted_by(|a, b| a > b) && read[4..].is_sorted_by(|a, b| a < b), "{read:?}");
    let said = |args: &[&str]| fails(work.path(), &[&["program", "--model", "vteam"], args].concat());
    for wrong in ["0.45V", "0.45V,0", "0.45V,many", "0.45V,1e9"] {
        let message = said(&["--train", wrong]);
        assert!(
            message.contains(&format!("`{wrong}` is no train")) && message.contains("`0.6V,20`"),
            "{message}"
        );
    }
    assert!(
        said(&["--train", "12V,3"])
            .contains("--train=12V: `12V` is above `10V`; a memristor does not outlive it")
    );
}

#[test]
fn a_spread_is_drawn_alike_for_reference_and_decks() {
    let work = tempfile::tempdir().unwrap();
    let run = |threads: &str, to: &str| {
        let (trace, decks) = (format!("{to}/drawn.csv"), format!("{to}/decks"));
        let spread = ["--spread", "v_on=normal:20mV", "--spread", "r_off=lognormal:10%"];
        let more =
            ["--cycle-spread", "k_on=lognormal:0.05", "--devices", "4", "--cycles", "2", "--seed", "3"];
        let files = ["--trace", &trace, "--decks", &decks, "--threads", threads];
        succeeds(work.path(), &[&TO_50_US[..], &spread, &more, &files].concat())
    };
    let (one, three) = (run("1", "one"), run("3", "three"));
    assert_eq!(one, three);
    for file in files(&work.path().join("one")) {
        let bytes = |folder: &str| fs::read(work.path().join(folder).join(&file)).unwrap();
        assert!(bytes("one") == bytes("three"), "{file}");
    }
    assert!(one.starts_with("8 of 8 are within 1 % of 50 uS"), "{one}");
    let drawn = rows(&work.path().join("one/drawn.csv"));
    assert_eq!(drawn.len(), 8);
    assert!(drawn[0][4] == drawn[1][4] && drawn[0][4] != drawn[2][4], "`v_on` is a device's own");
    assert!(drawn[0][6] != drawn[1][6], "`k_on` is a cycle's own");
    let last = rows_of_nominal(work.path());
    for dialect in simulated() {
        let deck = deck(&work.path().join("one/decks"), dialect);
        let text = fs::read_to_string(&deck).unwrap();
        let plot = simulate(dialect, &deck);
        for (k, row) in drawn.iter().enumerate() {
            for (name, value) in ["v_on", "r_off", "k_on"].iter().zip(&row[4..]) {
                let printed = format!("{name}={}", memloom_codegen::number(*value));
                assert!(text.contains(&printed), "device {k} in {}: {printed}", dialect.name());
            }
            let given = conductance(&plot, k, last);
            let said = format!("device {k} in {}: {given:e} for {:e}", dialect.name(), row[3]);
            assert!((given / row[3] - 1.0).abs() < 5e-3, "{said}");
        }
    }
}

/// When the nominal device is read last, seconds.
fn rows_of_nominal(folder: &Path) -> f64 {
    succeeds(folder, &[&TO_50_US[..], &["--trace", "nominal.csv"]].concat());
    rows(&folder.join("nominal.csv")).last().unwrap()[3]
}

#[test]
fn a_published_spread_is_known_by_its_set() {
    let work = tempfile::tempdir().unwrap();
    let args = ["program", "--model", "jart", "--target", "100uS", "--from", "300uS", "--width", "1us"];
    let text = succeeds(work.path(), &[&args[..], &["--devices", "3", "--trace", "drawn.csv"]].concat());
    assert!(text.starts_with("3 of 3 are within 1 % of 100 uS"), "{text}");
    let drawn = rows(&work.path().join("drawn.csv"));
    assert!(drawn.iter().all(|row| (40e-9..=50e-9).contains(&row[7])), "the radius is 45 +- 5 nm: {drawn:?}");
    let message = fails(work.path(), &[&TO_50_US[..], &["--devices", "3"]].concat());
    assert!(message.contains("set `magic` of `vteam` has no published spread; give one by `--spread`"));
}

#[test]
fn what_cannot_be_programmed_says_why() {
    let work = tempfile::tempdir().unwrap();
    let said = |args: &[&str]| fails(work.path(), &[&TO_50_US[..], args, &["--trace", "t.csv"]].concat());
    for (args, part) in [
        (&["--with", "r_off=10kohm"][..], "no state of 2e-5 S"),
        (&["--with", "v_on=1V"], "`v_on = 1e0` of `vteam` is out of range"),
        (&["--with", "v_onn=-1V"], "no parameter `v_onn`; write `v_on`"),
        (&["--with", "v_on"], "`v_on` sets nothing; write a parameter and its value"),
        (&["--with", "v_on=-1A"], "`-1A` is not a voltage"),
        (&["--set", "magik"], "no set `magik`; write `magic`, or one of `memtorch`"),
        (&["--v-read", "0"], "a read at `0` V tells nothing"),
        (&["--v-read", "20V"], "--v-read=20V: `20V` is above `10V`"),
        (&["--tolerance", "0"], "--tolerance=0: `0` is below `1e-9`"),
        (&["--width=-1ns"], "--width=-1ns: `-1ns` is below `1fs`"),
        (&["--width", "1mV"], "`1mV` is not a time"),
        (&["--raise", "1V,2V"], "`--raise=1V,2V` is no staircase; write first, last and step"),
        (&["--raise", "2V,1V,1mV"], "pulses that raise go from 2 V to 1 V"),
        (&["--raise", "0.1V,1V,1mV"], "have the same sign"),
        (&["--lower", "0.1V,50V,1mV"], "--lower=50V: `50V` is above `10V`"),
        (&["--pulses", "3"], "after 3 pulses `vteam` is at"),
        (&["--spread", "v_on=normal"], "`v_on=normal` is no spread; write a parameter, a law and a width"),
        (&["--spread", "v_on=normal:-1mV"], "`v_on` spreads by `-0.001`; give a width of 0 or more"),
        (&["--spread", "v_on=normal:1kohm"], "`1kohm` is not a voltage"),
        (&["--devices", "100000", "--cycles", "10000"], "are more than 1000000; give fewer"),
        (&["--cycle-spread", "k_of=lognormal:1%"], "no parameter `k_of`; write `k_off`"),
    ] {
        let message = said(args);
        assert!(message.contains(part), "{message}");
        assert!(files(work.path()).is_empty(), "nothing is left behind");
    }
    let message = fails(work.path(), &["program", "--model", "vteem", "--target", "50uS"]);
    assert!(message.contains("no model `vteem`; write `vteam`, or one of"), "{message}");
    let message = fails(work.path(), &["program", "--model", "vteam", "--target", "50uA"]);
    assert!(message.contains("`50uA` is not a conductance"), "{message}");
    let message = fails(work.path(), &["program", "--model", "vteam", "--target", "1S"]);
    assert!(message.contains("no state of 1e0 S") && message.contains("ask for 3.3333"), "{message}");
}

#[test]
fn what_cannot_be_written_is_not_begun() {
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("mine"), "text").unwrap();
    for args in [["--trace", "mine/t.csv"], ["--trace", "."], ["--decks", "mine"]] {
        let message = fails(work.path(), &[&TO_50_US[..], &args].concat());
        assert!(message.contains(args[1]), "{message}");
        assert_eq!(files(work.path()), ["mine"], "nothing is left behind");
    }
}
