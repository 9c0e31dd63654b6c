//! `memloom eval` and `memloom sweep` as a user runs them.

mod common;
#[path = "../../examples/score.rs"]
mod score;

use common::{cifar10, fails, memloom, succeeds};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

/// `memloom COMMAND --cifar10 BATCH ARGS`.
fn with_images<'a>(command: &'a str, batch: &'a str, args: &[&'a str]) -> Vec<&'a str> {
    [&[command, "--cifar10", batch], args].concat()
}

fn test_batch() -> String {
    cifar10("test_batch.bin").to_str().unwrap().to_owned()
}

/// An evaluation, as JSON.
fn eval(args: &[&str]) -> Value {
    let work = tempfile::tempdir().unwrap();
    let batch = test_batch();
    serde_json::from_str(&succeeds(work.path(), &with_images("eval", &batch, &[args, &["--json"]].concat())))
        .unwrap()
}

#[test]
fn ideal_parts_classify_as_the_reference_does() {
    let found = eval(&["--count", "500", "--gain", "ideal", "--rails", "off"]);
    assert_eq!(found["chips"][0]["same_class"], 1.0);
    assert_eq!(found["chips"][0]["accuracy"], found["reference"]);
    let confusion: u64 = found["confusion"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|r| r.as_array().unwrap())
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!(confusion, 500);
    for layer in found["layers"].as_array().unwrap() {
        assert!(layer["signal_to_error_db"].as_f64().unwrap() > 100.0, "{layer}");
        assert_eq!(layer["clipped"], 0, "{layer}");
    }
}

#[test]
fn the_library_scores_what_the_command_does() {
    let found = eval(&["--count", "100"]);
    let accuracy = score::accuracy(&cifar10("test_batch.bin"), 100).unwrap();
    assert_eq!(found["chips"][0]["accuracy"], accuracy);
}

#[test]
fn the_gain_of_op_amps_is_compensated() {
    for scheme in ["dual_rail", "differential"] {
        let same = |compensation| {
            let args = ["--count", "200", "--gain", "1000", "--rails", "off", "--scheme", scheme];
            let found = eval(&[&args[..], &["--compensation", compensation]].concat());
            found["chips"][0]["same_class"].as_f64().unwrap()
        };
        assert_eq!(same("on"), 1.0, "{scheme}");
        assert!(same("off") < 1.0, "{scheme}");
    }
}

#[test]
fn stuck_cells_are_compensated() {
    for scheme in ["dual_rail", "differential"] {
        let accuracy = |repair| {
            let args = ["--count", "200", "--runs", "3", "--stuck", "2%", "--scheme", scheme];
            eval(&[&args[..], &["--repair", repair]].concat())["mean"].as_f64().unwrap()
        };
        let (on, off) = (accuracy("on"), accuracy("off"));
        assert!(on > off + 0.15, "{scheme}: {on} with repair, {off} without");
    }
}

#[test]
fn devices_that_spread_show() {
    let spread = ["--spread", "r_off=lognormal:20%", "--cycle-spread", "d=lognormal:20%"];
    let found = eval(&[&["--count", "40", "--gain", "ideal"], &spread[..]].concat());
    let same = found["chips"][0]["same_class"].as_f64().unwrap();
    assert!((0.3..1.0).contains(&same), "{same}: resistances matter, and the thickness does not");
    let (work, batch) = (tempfile::tempdir().unwrap(), test_batch());
    let message = fails(work.path(), &with_images("eval", &batch, &["--spread", "r_of=lognormal:20%"]));
    assert!(message.contains("no parameter `r_of`; write `r_off`"), "{message}");
}

#[test]
fn what_is_not_ideal_shows() {
    let accuracy = |error: &str| {
        let args = ["--count", "300", "--program-error", error, "--runs", "2", "--seed", "7"];
        let found = eval(&args);
        assert_eq!(found["chips"][1]["seed"], 8);
        // Two chips may agree in one of the counts by chance.
        let of = |chip: &Value| ["same_class", "accuracy"].map(|share| chip[share].as_f64().unwrap());
        (of(&found["chips"][0]), of(&found["chips"][1]))
    };
    let (small, large) = (accuracy("1%"), accuracy("20%"));
    assert!(small.0[0] > 0.95 && small.1[0] > 0.95, "{small:?}");
    assert!(large.0[0] < 0.9 && large.1[0] < 0.9 && large.0 != large.1, "{large:?}");
}

#[test]
fn a_diagnosis_tells_causes_apart() {
    let (work, batch) = (tempfile::tempdir().unwrap(), test_batch());
    let args =
        ["--count", "4", "--offset", "3mV", "--levels", "64", "--diagnose", "--plot", "causes.svg", "--json"];
    let found: Value =
        serde_json::from_str(&succeeds(work.path(), &with_images("eval", &batch, &args))).unwrap();
    let causes = found["causes"].as_object().unwrap();
    assert_eq!(causes.keys().collect::<Vec<_>>(), ["wires, gain", "offset", "levels", "all"]);
    let logits = |cause: &str| causes[cause].as_array().unwrap().last().unwrap().as_f64().unwrap();
    assert_eq!(causes["all"].as_array().unwrap().len(), found["layers"].as_array().unwrap().len());
    // Of the circuit itself a few values saturate; an offset of 3 mV without a trim drowns what levels do.
    assert!(logits("wires, gain") > 20.0 && logits("levels") > logits("offset") + 10.0, "{causes:?}");
    assert!((logits("all") - logits("offset")).abs() < 3.0, "{causes:?}");
    assert!(fs::read_to_string(work.path().join("causes.svg")).unwrap().contains("<svg"));
}

#[test]
fn declared_noise_is_that_of_the_flags_that_say_as_much() {
    // How far each layer is from ideal parts, to the last digit.
    let chips = |more: &[&str]| eval(&[&["--count", "16"], more].concat())["layers"].clone();
    let said = ["--noise-density", "10nV", "--flicker-corner", "100kHz", "--cell-flicker", "1e-6"];
    let declared = chips(&["--noise", "on"]);
    assert_eq!(declared, chips(&said));
    assert_ne!(declared, chips(&[]));
    assert_ne!(declared, chips(&["--noise", "on", "--flicker-time", "0"]));
}

#[test]
fn feedback_follows_drift_and_temperature_and_a_trim_the_supply() {
    let same = |more: &[&str]| {
        let found = eval(&[&["--count", "64", "--rails", "off"], more].concat());
        found["chips"][0]["same_class"].as_f64().unwrap()
    };
    let aged = ["--drift-time", "1y", "--drift-nu", "0.02"];
    let warm =
        ["--temperature", "85C", "--temperature-coefficient", "0.1%/K", "--resistor-coefficient", "0.09%/K"];
    let (aged, warm) = (&aged[..], &warm[..]);
    let all = [aged, warm].concat();
    let (alone, followed) = (same(&all), same(&[&all[..], &["--tracking", "0"]].concat()));
    assert!(followed >= same(&[]) - 0.02 && alone < followed - 0.05, "{alone} {followed}");
    let supply = ["--supply-shift=-0.18V", "--supply-rejection", "500"];
    let (untrimmed, trimmed) =
        (same(&supply), same(&[&supply[..], &["--trim", "on", "--retrim", "on"]].concat()));
    assert!(trimmed > untrimmed, "{untrimmed} {trimmed}");
}

#[test]
fn the_answer_does_not_depend_on_threads() {
    // Wires take seconds to solve and are drawn by nobody.
    let real = ["--realistic", "--r-wire", "0", "--read-noise", "1%"];
    let found = |threads| eval(&[&["--count", "64", "--threads", threads], &real[..]].concat());
    assert_eq!(found("1"), found("2"));
}

#[test]
fn an_evaluation_goes_on_from_its_journal() {
    let work = tempfile::tempdir().unwrap();
    let batch = test_batch();
    let args = with_images("eval", &batch, &["--count", "32", "--resume", "done"]);
    let first = succeeds(work.path(), &args);
    let journal = fs::read(work.path().join("done")).unwrap();
    assert_eq!(succeeds(work.path(), &args), first);
    assert_eq!(fs::read(work.path().join("done")).unwrap(), journal, "nothing was left to do");
    let other = with_images("eval", &batch, &["--count", "33", "--resume", "done"]);
    assert!(fails(work.path(), &other).contains("holds other work"));
}

/// A folder's files by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries.map(|e| (e.file_name().into_string().unwrap(), fs::read(e.path()).unwrap())).collect()
}

#[test]
fn a_sweep_killed_at_any_moment_ends_with_the_same_files() {
    let batch = test_batch();
    let args = with_images(
        "sweep",
        &batch,
        &["--count", "1100", "--vary", "levels=64,4", "--runs", "2", "--out", "s.parquet"],
    );
    let whole = tempfile::tempdir().unwrap();
    let start = Instant::now();
    succeeds(whole.path(), &args);
    let took = start.elapsed();
    let killed = tempfile::tempdir().unwrap();
    let mut cut = 0;
    for share in [0.3, 0.5, 0.7] {
        let mut child =
            memloom(killed.path()).args(&args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_secs_f64(share * took.as_secs_f64()));
        let running = child.try_wait().unwrap().is_none();
        let _ = child.kill();
        child.wait().unwrap();
        cut += usize::from(running);
        assert!(!running || !killed.path().join("s.parquet").exists(), "a table that is not whole");
    }
    assert!(cut > 0, "the sweep was stopped before its end");
    succeeds(killed.path(), &args);
    assert_eq!(files(killed.path()), files(whole.path()));
    let files = files(whole.path());
    let plots = ["s_1_accuracy_against_levels.svg", "s_2_target_conductances.svg"];
    assert_eq!(files.keys().collect::<Vec<_>>(), ["s.html", "s.parquet", plots[0], plots[1]]);
    // Self-contained: plots are inside, and nothing is fetched.
    let page = String::from_utf8(files["s.html"].clone()).unwrap();
    assert!(!page.contains("src=") && !page.contains("<link"));
    for plot in plots {
        let svg = std::str::from_utf8(&files[plot]).unwrap();
        assert!(svg.starts_with("<svg") && page.contains(svg), "{plot}");
    }
    assert!(files["s.parquet"].starts_with(b"PAR1"));
    // As readable as any file of the user's.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |name: &str| fs::metadata(whole.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("s.parquet"), mode("s.html"));
    }
}

#[test]
fn a_sweep_of_two_parameters_has_every_combination() {
    let work = tempfile::tempdir().unwrap();
    let batch = test_batch();
    let vary = [
        "--count",
        "16",
        "--vary",
        "tile=64,128",
        "--vary",
        "gain=100,ideal",
        "--out",
        "s.parquet",
        "--json",
    ];
    let found: Value =
        serde_json::from_str(&succeeds(work.path(), &with_images("sweep", &batch, &vary))).unwrap();
    let values: Vec<_> =
        found["points"].as_array().unwrap().iter().map(|p| p["values"].to_string()).collect();
    assert_eq!(values, [r#"["64","100"]"#, r#"["64","ideal"]"#, r#"["128","100"]"#, r#"["128","ideal"]"#]);
}

#[test]
fn mistakes_are_said_before_the_work() {
    let work = tempfile::tempdir().unwrap();
    let batch = test_batch();
    for (command, args, said) in [
        ("eval", &["--program-error", "-3%"][..], "--program-error=-3%: `-3%` is below `0`"),
        ("eval", &["--stuck", "150%"], "`150%` is above `1`; there are no more cells than all"),
        ("eval", &["--levels", "1"], "levels"),
        ("eval", &["--count", "20000"], "has 10000 images"),
        ("sweep", &["--vary", "gain=100,wrong", "--out", "s.parquet"], "`gain=wrong`"),
        ("sweep", &["--vary", "wire=1", "--out", "s.parquet"], "no parameter `wire`"),
        ("sweep", &["--vary", "gain=1e3", "--vary", "gain=1e4", "--out", "s.parquet"], "varied twice"),
        ("sweep", &["--vary", "gain=1e3", "--out", "s.html"], "`.parquet`"),
        ("sweep", &["--vary", "gain=1e3", "--out", "/dev/null/s.parquet"], "`/dev/null` is a file"),
    ] {
        let message = fails(work.path(), &with_images(command, &batch, args));
        assert!(message.contains(said), "{args:?}: {message}");
    }
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn images_that_are_none_are_refused() {
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("short.bin"), vec![0; 3072]).unwrap();
    fs::write(work.path().join("text.bin"), vec![200; 3073]).unwrap();
    for (file, said) in [
        (".", "has no `test_batch.bin`"),
        ("gone.bin", "gone.bin"),
        ("short.bin", "3073"),
        ("text.bin", "label"),
    ] {
        let message = fails(work.path(), &["eval", "--cifar10", file]);
        assert!(message.contains(said), "{file}: {message}");
    }
}

#[test]
fn wires_that_let_nothing_through_are_said() {
    let work = tempfile::tempdir().unwrap();
    let batch = test_batch();
    let args = with_images("eval", &batch, &["--count", "16", "--r-wire", "1Mohm"]);
    let output = memloom(work.path()).args(&args).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("wire"), "{said}");
}
