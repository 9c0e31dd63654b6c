//! Every flag of every command, with absurd values: each is refused before anything is read, by a message that names the
//! flag, the value, and what to write.

mod common;

use common::{files, memloom};
use std::collections::BTreeSet;
use std::path::Path;

/// Commands with arguments that are right but for files that are not there: whatever is taken fails at these.
const COMMANDS: [(&str, &[&str]); 11] = [
    ("build", &["nowhere.safetensors"]),
    ("plan", &["nowhere.safetensors"]),
    ("run", &["nowhere.png", "--model", "nowhere.safetensors"]),
    ("check", &["nowhere.safetensors", "--engine", "ngspice"]),
    ("eval", &["--cifar10", "nowhere", "--model", "nowhere.safetensors"]),
    (
        "sweep",
        &[
            "--cifar10",
            "nowhere",
            "--model",
            "nowhere.safetensors",
            "--out",
            "s.parquet",
            "--vary",
            "rails=on",
        ],
    ),
    ("calibrate", &["nowhere.safetensors", "--images", "nowhere", "--out", "r.json"]),
    ("fit", &["nowhere.csv", "--model", "vteam"]),
    ("program", &["--model", "vteam"]),
    ("layout", &["nowhere.safetensors"]),
    ("lvs", &["nowhere"]),
];

/// Values that no flag with a number takes, of any dimension.
const NONSENSE: [&str; 9] = ["", "much", "NaN", "inf", "-1e308", "1e308", "1e999", "1parsec", "-1é"];
/// Flags with a quantity: one of another dimension, and a usual value.
const QUANTITIES: [(&str, &str, &str); 48] = [
    ("r-wire", "1V", "2.5 Ω"),
    ("r-wordline", "1F", "2.5 Ω"),
    ("r-bitline", "-1ohm", "0.5ohm"),
    ("r-driver", "2Mohm", "100ohm"),
    ("r-sense", "1V", "50"),
    ("r-contact", "1uS", "1kohm"),
    ("c-wire", "1ohm", "0.2fF"),
    ("c-cell", "1uF", "1e-16"),
    ("program-error", "1V", "3%"),
    ("program-error-abs", "1V", "1uS"),
    ("stuck", "101%", "0.1%"),
    ("stuck-low", "2", "0.1%"),
    ("stuck-high", "-1%", "0.1%"),
    ("open", "1V", "0.001"),
    ("read-noise", "1V", "0.5%"),
    ("drift-time", "1V", "1 day"),
    ("drift-nu", "1V", "0.05"),
    ("drift-nu-sigma", "-0.01", "0.01"),
    ("temperature", "-300C", "-40C"),
    ("temperature-coefficient", "1K", "0.1%/K"),
    ("gain", "0", "1e4"),
    ("offset", "3ohm", "100 µV"),
    ("op-amp-noise", "3ohm", "50uV"),
    ("resistor-error", "30%", "1%"),
    ("block-gain", "30%", "1%"),
    ("block-offset", "1ohm", "1mV"),
    ("noise-density", "2mV", "10nV"),
    ("flicker-corner", "1V", "100kHz"),
    ("cell-flicker", "2", "1e-6"),
    ("flicker-time", "1V", "1day"),
    ("resistor-coefficient", "1K", "0.1%/K"),
    ("rail-coefficient", "1K", "0.01%/K"),
    ("offset-drift", "3ohm", "2.5uV"),
    ("supply-shift", "3ohm", "0.18V"),
    ("supply-rejection", "0.5", "1000"),
    ("tracking", "60%", "1%"),
    ("percentile", "99.9", "99.9%"),
    ("from", "50uV", "20uS"),
    ("v-read", "0.1A", "0.1V"),
    ("tolerance", "200%", "1%"),
    ("width", "1V", "10us"),
    ("edge", "-1ns", "1us"),
    ("bn-eps", "1V", "0.001"),
    ("mean", "123.7", "0.5,0.5,0.5"),
    ("std", "1V", "0.25,0.25,0.25"),
    ("accept", "200%", "3%"),
    ("step", "1V", "10ms"),
    ("read-time", "1V", "1us"),
];
/// Flags with a whole number: one that is out of range, and a usual one.
const NUMBERS: [(&str, &str, &str); 17] = [
    ("threads", "0", "2"),
    ("stem-stride", "0", "2"),
    ("first-block-stride", "65", "2"),
    ("index", "-1", "3"),
    ("count", "0", "10"),
    ("pixels", "0", "3"),
    ("runs", "0", "5"),
    ("seed", "18446744073709551616", "1"),
    ("levels", "1", "64"),
    ("dac-bits", "25", "8"),
    ("adc-bits", "0", "8"),
    ("pulses", "0", "100"),
    ("reads", "0", "100"),
    ("devices", "0", "10"),
    ("cycles", "0", "2"),
    ("target", "50uV", "50uS"),
    ("time-limit", "1V", "30s"),
];
/// Flags with a text of their own kind, and what they refuse.
const TEXTS: [(&str, &[&str]); 26] = [
    ("memory-budget", &["much", "8", "8GV", "0GiB", "-1GiB", "NaNGiB", "1e308GiB", "infGiB"]),
    ("input", &["3x0x0", "3x32", "axbxc", "99999999999x1x1", "4096x4096x4096", "1x8192x8192"]),
    ("tile", &["0x0", "128x", "5000x1", "99999999999999999999"]),
    ("scheme", &["offset", ""]),
    ("cells", &["memristor", ""]),
    ("dialect", &["spice", "NGSPICE", "ngspice,spectr", ""]),
    ("technology", &["vacuum"]),
    ("limits", &["vacuum", "hfo2", ""]),
    ("first-block-residual", &["maybe"]),
    ("allow", &["ML999", "nonsense"]),
    ("deny", &["ML999", "nonsense"]),
    ("compensation", &["maybe"]),
    ("repair", &["1"]),
    ("rails", &["yes"]),
    ("fill-absent", &["yes"]),
    ("trim", &["yes", ""]),
    ("retrim", &["yes"]),
    ("noise", &["yes"]),
    ("spread", &["v_on", "v_on=normal", "v_on=gauss:1mV", "r_off=lognormal:1e308", "r_off=normal:1V"]),
    ("cycle-spread", &["r_off=lognormal:-1", "r_off=lognormal:NaN", "r_off=lognormal:2000%"]),
    ("vary", &["gain", "gain=", "gain=0,1", "gain=1e308", "offset=1ohm,1V", "program_error=3%,3%"]),
    ("columns", &["current", "charge=Q", "current=3:mV", "time="]),
    ("fix", &["r_on=", "r_on=1V", "r_on=1e400", "v_on=NaN"]),
    ("with", &["r_on", "r_on=1V", "r_on=1e400", "v_on=inf"]),
    ("train", &["1V", "1V,0", "1V,-1", "1A,3", "12V,3", "1V,1e9"]),
    ("raise", &["1V", "1V,2V,3A", "1e308V,1V,1V", "1V,2V,inf"]),
];
/// Flags whose value is a name or a path, which is right only if it is there; `lower` is as `raise`.
const OTHERS: [&str; 30] = [
    "ranges",
    "out",
    "model",
    "engine",
    "layers",
    "image",
    "keep",
    "timeout",
    "cifar10",
    "resume",
    "images",
    "set",
    "free",
    "plot",
    "trace",
    "decks",
    "arrays",
    "netlist",
    "json",
    "no-compensation",
    "no-rails",
    "realistic",
    "realistic-array",
    "diagnose",
    "whole",
    "transistors",
    "search",
    "help",
    "version",
    "force",
];

/// The flags that the help of `command` shows.
fn flags(command: &str) -> BTreeSet<String> {
    let work = tempfile::tempdir().unwrap();
    let help = memloom(work.path()).args([command, "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let lines = help.lines().map(str::trim_start);
    let named =
        lines.filter_map(|line| line.strip_prefix("--").or_else(|| line.get(4..)?.strip_prefix("--")));
    let name = |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    named.map(name).collect()
}

/// What a flag with `value` says; it must fail at once, leave nothing, and print no number of its own making.
#[track_caller]
fn said(folder: &Path, (command, base): (&str, &[&str]), flag: &str, value: &str) -> String {
    let mut all = vec![command.to_owned()];
    all.extend(base.iter().map(|arg| (*arg).to_owned()));
    all.push(format!("--{flag}={value}"));
    if command == "program" && !["target", "train"].contains(&flag) {
        all.extend(["--target".to_owned(), "50uS".to_owned()]);
    }
    let output = memloom(folder).args(&all).env_remove("MEMLOOM_CIFAR10").output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(matches!(output.status.code(), Some(1 | 2)), "{all:?}: {text}");
    assert!(text.starts_with("error: ") && !text.contains("panicked"), "{all:?}: {text}");
    assert_eq!(files(folder), [""; 0], "{all:?}");
    text
}

/// The message names the flag, or the parameter that a text sets, and the value or the part of it that is wrong.
#[track_caller]
fn assert_refused(folder: &Path, command: (&str, &[&str]), flag: &str, value: &str) {
    let text = said(folder, command, flag, value);
    assert!(text.contains(flag), "`--{flag}={value}` of `{}`: {text}", command.0);
    let parts = value.split([',', '=', ':', 'x']).filter(|part| !part.is_empty());
    assert!(value.is_empty() || parts.clone().any(|part| text.contains(part)), "--{flag}={value}: {text}");
    assert!(
        text.contains("write")
            || text.contains("remove one")
            || text.contains("choose one of")
            || text.contains("possible values")
            || text.contains("a value is required"),
        "`--{flag}={value}` does not say what to write: {text}"
    );
}

#[test]
fn every_flag_is_in_one_of_the_tables() {
    let known: BTreeSet<&str> = QUANTITIES
        .iter()
        .chain(&NUMBERS)
        .map(|row| row.0)
        .chain(TEXTS.iter().map(|row| row.0))
        .chain(OTHERS)
        .chain(["lower"])
        .collect();
    let mut seen = BTreeSet::new();
    for (command, _) in COMMANDS {
        let flags = flags(command);
        assert!(flags.len() > 3, "{command}: {flags:?}");
        seen.extend(flags);
    }
    let unknown: Vec<_> = seen.iter().filter(|flag| !known.contains(flag.as_str())).collect();
    assert!(unknown.is_empty(), "put these flags in a table: {unknown:?}");
    let gone: Vec<_> = known.iter().filter(|flag| !seen.contains(**flag) && !OTHERS.contains(flag)).collect();
    assert!(gone.is_empty(), "these flags are no more: {gone:?}");
}

#[test]
fn absurd_values_are_refused_before_anything_is_read() {
    let (work, mut met) = (tempfile::tempdir().unwrap(), BTreeSet::new());
    for command in COMMANDS {
        let has = flags(command.0);
        for (flag, wrong, _) in QUANTITIES.iter().chain(&NUMBERS).filter(|row| has.contains(row.0)) {
            // All of the nonsense where a flag is first met; one reader serves all commands.
            let nonsense = if met.insert(*flag) { &NONSENSE[..] } else { &NONSENSE[5..6] };
            for value in nonsense.iter().chain([wrong]) {
                assert_refused(work.path(), command, flag, value);
            }
        }
        for (flag, values) in TEXTS.iter().filter(|row| has.contains(row.0)) {
            values.iter().for_each(|value| assert_refused(work.path(), command, flag, value));
        }
    }
}

#[test]
fn usual_values_with_units_are_taken() {
    let work = tempfile::tempdir().unwrap();
    for command in COMMANDS.iter().filter(|command| ["eval", "build", "run", "fit"].contains(&command.0)) {
        let has = flags(command.0);
        for (flag, _, usual) in QUANTITIES.iter().chain(&NUMBERS).filter(|row| has.contains(row.0)) {
            let text = said(work.path(), *command, flag, usual);
            assert!(text.contains("nowhere"), "`--{flag}={usual}`: {text}");
        }
    }
}

#[test]
fn an_error_has_flag_value_end_reason_and_example() {
    let work = tempfile::tempdir().unwrap();
    let eval = COMMANDS[4];
    assert_eq!(
        said(work.path(), eval, "program-error", "1e308"),
        "error: --program-error=1e308: `1e308` is above `10`; a deviation of ten times the conductance leaves nothing of it; \
         write a share such as `3%`\n"
    );
    assert_eq!(
        said(work.path(), eval, "offset", "3ohm"),
        "error: --offset=3ohm: `3ohm` is not a voltage but a resistance; write `0` to `10V`, such as `100uV`\n"
    );
    let help = memloom(work.path()).args(["eval", "--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("input-referred offset: `0` to `10V`, such as `100uV`"), "{help}");
}
