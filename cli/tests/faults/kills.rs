//! Each command, killed and stopped at random points of its run.

use crate::bench::{Bench, end};
use rustix::process::Signal;
use std::collections::BTreeMap;
use std::env;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// What a command is, and what it leaves.
struct Case {
    args: &'static [&'static str],
    /// What changes its output, for an earlier output of the same place.
    other: &'static [&'static str],
    /// A file that only an unfinished run has.
    journal: Option<&'static str>,
    /// Whether what it prints is the same every time, with no times of its own in it.
    prints_the_same: bool,
    /// What runs in the place of ngspice.
    fake: Option<&'static str>,
}

const PLAIN: Case = Case { args: &[], other: &[], journal: None, prints_the_same: true, fake: None };

/// Layers of every kind, few enough to be quick.
const CHECK: [&str; 7] =
    ["check", "net.safetensors", "--engine", "ngspice", "--pixels", "1", "--layers=stem,b0.se.fc1,b2.add"];

#[test]
fn build() {
    kill(&Case {
        args: &["build", "net.safetensors", "--out", "chip"],
        other: &["--tile", "8x8"],
        prints_the_same: false,
        ..PLAIN
    });
}

#[test]
fn run() {
    let args = &["run", "batch.bin", "--count", "16", "--model", "net.safetensors"];
    kill(&Case { args, ..PLAIN });
}

#[test]
fn eval() {
    const ARGS: &[&str] = &[
        "eval",
        "--cifar10=batch.bin",
        "--model=net.safetensors",
        "--runs=4",
        "--program-error=5%",
        "--resume=e.journal",
        "--json",
    ];
    kill(&Case { args: ARGS, journal: Some("e.journal"), ..PLAIN });
}

#[test]
fn sweep() {
    const ARGS: &[&str] = &[
        "sweep",
        "--cifar10=batch.bin",
        "--model=net.safetensors",
        "--runs=2",
        "--vary=program_error=1%,10%",
        "--out=s.parquet",
    ];
    kill(&Case { args: ARGS, other: &["--seed=7"], journal: Some("s.journal"), ..PLAIN });
}

#[test]
fn calibrate() {
    let args = &["calibrate", "net.safetensors", "--images", "batch.bin", "--out", "own.json"];
    kill(&Case { args, other: &["--count", "3"], ..PLAIN });
}

#[test]
fn fit() {
    const ARGS: &[&str] = &[
        "fit",
        "device.csv",
        "--model=vteam",
        "--set=magic",
        "--fix=d=3nm",
        "--fix=alpha_off=3",
        "--fix=alpha_on=2",
        "--out=fit.json",
        "--plot=fit.svg",
    ];
    kill(&Case { args: ARGS, other: &["--fix=v_off=0.4"], ..PLAIN });
}

#[test]
fn program() {
    const ARGS: &[&str] =
        &["program", "--model=vteam", "--target=50uS", "--from=20uS", "--trace=pulses.csv", "--decks=decks"];
    kill(&Case { args: ARGS, other: &["--tolerance=0.5%"], ..PLAIN });
}

#[test]
fn check() {
    kill(&Case { args: &CHECK, prints_the_same: false, ..PLAIN });
}

#[test]
fn check_in_a_slow_simulator() {
    kill(&Case { args: &CHECK, prints_the_same: false, fake: Some("sleep 0.3; $real \"$@\""), ..PLAIN });
}

#[test]
fn check_in_vacask() {
    const ARGS: &[&str] =
        &["check", "net.safetensors", "--engine", "vacask", "--pixels", "1", "--layers=stem,b0.se.fc1"];
    kill(&Case { args: ARGS, prints_the_same: false, ..PLAIN });
}

type Files = BTreeMap<String, Vec<u8>>;

/// A command's uninterrupted run.
struct Reference {
    before: Files,
    after: Files,
    printed: Vec<u8>,
    wall: Duration,
}

impl Reference {
    fn of(case: &Case, more: &[&str]) -> Self {
        let bench = bench(case);
        let before = bench.files();
        let start = Instant::now();
        let printed = bench.succeeds(&[case.args, more].concat()).stdout;
        let wall = start.elapsed();
        bench.assert_nothing_runs("an uninterrupted run");
        assert_eq!(bench.temporary(), Vec::<std::path::PathBuf>::new());
        Self { before, after: without(bench.files(), case.journal), printed, wall }
    }

    /// What the run wrote.
    fn output(&self) -> Files {
        self.after.clone().into_iter().filter(|(name, _)| !self.before.contains_key(name)).collect()
    }
}

fn bench(case: &Case) -> Bench {
    let bench = Bench::new();
    case.fake.inspect(|script| bench.fake(script));
    bench
}

fn without(mut files: Files, name: Option<&str>) -> Files {
    name.map(|name| files.remove(name));
    files
}

/// How often each command is killed, and stopped.
fn count() -> u64 {
    let count = env::var("MEMLOOM_KILLS").ok().filter(|count| !count.is_empty());
    count.map_or(2, |count| count.parse().expect("MEMLOOM_KILLS is a number"))
}

fn kill(case: &Case) {
    let reference = Reference::of(case, &[]);
    let old = (!case.other.is_empty()).then(|| Reference::of(case, case.other).output());
    for round in 0..count() {
        let heard = [Signal::INT, Signal::TERM, Signal::HUP][round as usize % 3];
        for signal in [Signal::KILL, heard] {
            // Odd rounds have an earlier output in the place of the new one.
            let old = old.as_ref().filter(|_| round % 2 == 1);
            let delay = reference.wall.mul_f64(1.1 * chance(2 * round + u64::from(signal == heard)));
            kill_once(case, &reference, old, signal, delay);
        }
    }
}

/// A number from 0 to 1 for each trial, the same every time: the fraction of its product with the golden ratio, by which
/// few trials are spread well.
fn chance(trial: u64) -> f64 {
    (0.618_033_988_749_895 * (trial + 1) as f64).fract()
}

fn kill_once(case: &Case, reference: &Reference, old: Option<&Files>, signal: Signal, delay: Duration) {
    let what = format!(
        "{:?}, {signal:?} after {delay:?}, {} before",
        case.args,
        ["nothing", "an output"][usize::from(old.is_some())]
    );
    let bench = bench(case);
    for (name, bytes) in old.into_iter().flatten() {
        std::fs::create_dir_all(bench.path(name).parent().unwrap()).unwrap();
        std::fs::write(bench.path(name), bytes).unwrap();
    }
    let child = bench.start(case.args);
    sleep(delay);
    let (code, said) = end(child, signal);
    bench.assert_nothing_runs(&what);
    let finished = code == 0;
    if !finished {
        assert_eq!(code, 128 + signal.as_raw(), "{what}: {said}");
        assert!(!said.contains("panicked") && !said.contains("error"), "{what}: {said}");
    }
    assert_whole(&what, reference, old, &without(bench.files(), case.journal), signal == Signal::KILL);
    if signal != Signal::KILL {
        // It says nothing when it is too early for a handler.
        assert!(finished || said.is_empty() || said == "interrupted\n", "{what}: {said}");
        assert!(bench.temporary().is_empty(), "{what}: left {:?}", bench.temporary());
    }
    let printed = bench.succeeds(case.args).stdout;
    assert!(!case.prints_the_same || printed == reference.printed, "{what}: a further run prints other text");
    let after = without(bench.files(), case.journal);
    assert_eq!(names(&after), names(&reference.after), "{what}: after a further run");
    assert!(after == reference.after, "{what}: a further run gives other bytes");
    assert!(bench.temporary().is_empty(), "{what}: a further run left {:?}", bench.temporary());
}

/// Each output is absent, whole, or as it was; what is neither an input nor an output may be there only after a kill, and
/// then hidden. Each folder is of one piece.
fn assert_whole(what: &str, reference: &Reference, old: Option<&Files>, found: &Files, killed: bool) {
    let new = reference.output();
    let nothing = Files::new();
    let old = old.unwrap_or(&nothing);
    for (name, bytes) in found {
        let hidden = name.split('/').next().unwrap().starts_with('.');
        let input = reference.before.get(name) == Some(bytes);
        let output = [old, &new].iter().any(|files| files.get(name) == Some(bytes));
        assert!(input || output || killed && hidden, "{what}: `{name}` is left");
    }
    for name in reference.before.keys() {
        assert!(found.contains_key(name), "{what}: `{name}` is gone");
    }
    let tops: std::collections::BTreeSet<_> = new.keys().chain(old.keys()).map(|name| top(name)).collect();
    for output in tops {
        let of = |files: &Files| -> Files {
            files
                .iter()
                .filter(|(name, _)| top(name) == output)
                .map(|(n, b)| (n.clone(), b.clone()))
                .collect()
        };
        let found = of(found);
        assert!(
            found == of(old) || found == of(&new),
            "{what}: `{output}` is in pieces: {:?}",
            names(&found)
        );
    }
}

/// The file or folder in the working folder that `name` is or lies in.
fn top(name: &str) -> &str {
    name.split('/').next().unwrap()
}

fn names(files: &Files) -> Vec<&str> {
    files.keys().map(String::as_str).collect()
}
