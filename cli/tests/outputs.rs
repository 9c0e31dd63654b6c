//! What commands write: nothing of a user's is replaced, whatever the paths, and what is written is whole.

mod common;
#[path = "../../network/tests/common/mod.rs"]
mod networks;

use common::{cifar10, failed, fails, memloom, succeeds};
use memloom_network::stage::stages;
use memloom_network::{Network, Ranges};
use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

const BUILD: [&str; 2] = ["build", "net.safetensors"];
/// Two parameters are left to be found.
const FIT: [&str; 20] = [
    "fit",
    "device.csv",
    "--model",
    "vteam",
    "--set",
    "magic",
    "--fix",
    "d=3nm",
    "--fix",
    "alpha_off=3",
    "--fix",
    "alpha_on=2",
    "--fix",
    "k_off=6e-5",
    "--fix",
    "k_on=-9e-5",
    "--fix",
    "v_off=0.4",
    "--fix",
    "v_on=-0.55",
];
const PROGRAM: [&str; 5] = ["program", "--model", "vteam", "--target", "50uS"];
const CALIBRATE: [&str; 4] = ["calibrate", "--count", "1", "--images"];

/// A folder with a network of a few thousand weights, whose build takes little.
fn with_network() -> TempDir {
    let work = tempfile::tempdir().unwrap();
    let bytes = networks::safetensors(&networks::tiny(), &networks::metadata("3x20x20"));
    let network = Network::parse("tiny", &bytes, Default::default()).unwrap();
    let stages = stages(&network.graph).unwrap();
    // Its random weights leave layers dead on most pictures.
    let ranges = Ranges::from_bounds(&stages, &[(-3.0, 3.0); 3]).unwrap();
    fs::write(work.path().join("net.safetensors"), bytes).unwrap();
    fs::write(work.path().join("net.ranges.json"), ranges.to_json()).unwrap();
    work
}

/// A folder with a measured device.
fn with_device() -> TempDir {
    let work = tempfile::tempdir().unwrap();
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fitting/device.csv");
    fs::copy(example, work.path().join("device.csv")).unwrap();
    work
}

fn names(folder: &Path) -> Vec<OsString> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

/// Runs `script`, in which `memloom` is the command.
fn bash(folder: &Path, script: &str) -> Output {
    let script = format!("memloom() {{ {} \"$@\"; }}\n{script}", env!("CARGO_BIN_EXE_memloom"));
    Command::new("bash").args(["-c", &script]).current_dir(folder).output().unwrap()
}

fn manifest(folder: &Path) -> Value {
    serde_json::from_slice(&fs::read(folder.join("manifest.json")).unwrap()).unwrap()
}

#[test]
fn a_build_replaces_a_build_and_nothing_else() {
    let work = with_network();
    let out = work.path().join("out");
    fs::create_dir(&out).unwrap();
    // Somebody's web project.
    fs::write(out.join("manifest.json"), r#"{"name": "app", "files": [], "version": 1}"#).unwrap();
    fs::write(out.join("app.js"), "mine").unwrap();
    let message = fails(work.path(), &BUILD);
    assert!(
        message.contains("holds something other than a build: `app.js`, `manifest.json`; give"),
        "{message}"
    );
    assert_eq!(names(&out), ["app.js", "manifest.json"]);
    fs::remove_dir_all(&out).unwrap();

    succeeds(work.path(), &BUILD);
    succeeds(work.path(), &[&BUILD[..], &["--tile", "64x64"]].concat());
    assert_eq!(
        (manifest(&out)["technology"]["tile"][0].as_u64(), &manifest(&out)["kind"]),
        (Some(64), &"build".into())
    );
    fs::write(out.join("spice/notes.txt"), "mine").unwrap();
    let mut page = fs::read(out.join("report.html")).unwrap();
    page[20] ^= 1;
    fs::write(out.join("report.html"), page).unwrap();
    let message = fails(work.path(), &BUILD);
    assert!(
        message.contains("`report.html` (changed), `spice/notes.txt`; give an empty or a new folder"),
        "{message}"
    );
    assert_eq!(manifest(&out)["technology"]["tile"][0], 64);
    assert_eq!(names(work.path()), ["net.ranges.json", "net.safetensors", "out"]);
}

#[test]
fn a_linked_folder_stays_a_link() {
    let work = with_network();
    fs::create_dir(work.path().join("disk")).unwrap();
    symlink("disk", work.path().join("out")).unwrap();
    for _ in 0..2 {
        succeeds(work.path(), &BUILD);
        assert_eq!(fs::read_link(work.path().join("out")).unwrap(), Path::new("disk"));
        assert!(work.path().join("disk/manifest.json").is_file());
    }
    symlink("nowhere", work.path().join("gone")).unwrap();
    let message = fails(work.path(), &["build", "absent.safetensors", "--out", "gone"]);
    assert!(message.contains("to `nowhere`, which is not there; make it, or remove the link"), "{message}");
}

#[test]
fn places_that_are_not_for_outputs_are_refused_before_the_work() {
    let work = tempfile::tempdir().unwrap();
    fs::create_dir_all(work.path().join("home/user/work")).unwrap();
    fs::write(work.path().join("home/mine"), "mine").unwrap();
    let here = work.path().join("home/user/work");
    for (out, said) in [
        (".", "is the working folder"),
        ("..", "is the home folder, or holds it"),
        ("../..", "is the working folder, or holds it"),
        ("/", "is the root"),
        ("../../mine", "is a file"),
        ("../../mine/out", "is a file"),
        ("/proc/out", "cannot be made"),
    ] {
        // The weights are not there: whoever looks for them has begun.
        let args = ["build", "absent.safetensors", "--out", out];
        let home = work.path().join("home/user");
        // Seen from elsewhere, the home folder is only that.
        let from = if out == ".." { home.parent().unwrap().join("aside") } else { here.clone() };
        fs::create_dir_all(&from).unwrap();
        let args = if out == ".." { [args[0], args[1], args[2], "../user"] } else { args };
        let output = memloom(&from).args(args).env("HOME", &home).output().unwrap();
        let message = failed(&output);
        assert!(message.contains(said), "`{out}`: {message}");
    }
    assert_eq!(names(&work.path().join("home")), ["aside", "mine", "user"]);
}

#[test]
fn the_umask_is_kept() {
    let work = with_network();
    let run = "umask 077; memloom build net.safetensors --out private && umask 027 && memloom build net.safetensors --out group && memloom program --model vteam --target 50uS --trace t.csv";
    let output = bash(work.path(), run);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mode = |path: &str| fs::metadata(work.path().join(path)).unwrap().permissions().mode() & 0o777;
    for file in ["manifest.json", "report.html", "spice/ngspice/top.cir"] {
        assert_eq!(
            (mode(&format!("private/{file}")), mode(&format!("group/{file}"))),
            (0o600, 0o640),
            "{file}"
        );
    }
    for folder in ["", "spice", "spice/ngspice"] {
        assert_eq!((mode(&format!("private/{folder}")), mode(&format!("group/{folder}"))), (0o700, 0o750));
    }
    assert_eq!(mode("t.csv"), 0o640);
}

#[test]
fn a_disk_that_is_full_costs_nothing_but_the_run() {
    let work = with_network();
    succeeds(work.path(), &BUILD);
    succeeds(work.path(), &[&PROGRAM[..], &["--trace", "t.csv"]].concat());
    let before = fs::read(work.path().join("out/manifest.json")).unwrap();
    let trace = fs::read(work.path().join("t.csv")).unwrap();
    // The limit fails a write in the middle of a file.
    let output = bash(work.path(), "trap '' XFSZ; ulimit -f 16; memloom build net.safetensors --tile 64x64");
    let message = failed(&output);
    assert!(message.contains("cannot write `") && message.contains("free some space"), "{message}");
    let output = bash(
        work.path(),
        "trap '' XFSZ; ulimit -f 0; memloom program --model vteam --target 60uS --trace t.csv",
    );
    assert!(failed(&output).contains("cannot write `t.csv`"));
    assert_eq!(fs::read(work.path().join("out/manifest.json")).unwrap(), before);
    assert_eq!(fs::read(work.path().join("t.csv")).unwrap(), trace);
    assert_eq!(names(work.path()), ["net.ranges.json", "net.safetensors", "out", "t.csv"]);

    // The signal of that limit is an error like any other, not the end of the program.
    let output = bash(work.path(), "ulimit -c 0 -f 16; memloom build net.safetensors --tile 64x64");
    assert!(failed(&output).contains("free some space"));
    assert_eq!(names(work.path()).len(), 4, "{:?}", names(work.path()));
    assert_eq!(fs::read(work.path().join("out/manifest.json")).unwrap(), before);
    succeeds(work.path(), &BUILD);
    assert_eq!(names(work.path()), ["net.ranges.json", "net.safetensors", "out", "t.csv"]);
}

#[test]
fn fit_replaces_what_fit_wrote() {
    let work = with_device();
    let args = [&FIT[..], &["--out", "p.json", "--plot", "p.svg"]].concat();
    fs::write(work.path().join("p.svg.part"), "mine").unwrap();
    succeeds(work.path(), &args);
    let first = fs::read(work.path().join("p.json")).unwrap();
    succeeds(work.path(), &args);
    assert_eq!(fs::read(work.path().join("p.json")).unwrap(), first);
    assert_eq!(fs::read_to_string(work.path().join("p.svg.part")).unwrap(), "mine");
    assert_eq!(names(work.path()), ["device.csv", "p.json", "p.svg", "p.svg.part"]);

    for (file, text) in [("p.json", r#"{"paper": "draft"}"#), ("p.svg", "<svg><circle/></svg>")] {
        let ours = fs::read(work.path().join(file)).unwrap();
        fs::write(work.path().join(file), text).unwrap();
        // Said before the data are looked for.
        let absent = ["fit", "absent.csv", "--model", "vteam", "--out", "p.json", "--plot", "p.svg"];
        let message = fails(work.path(), &absent);
        assert!(
            message.contains(&format!("`{file}` is there and was not written by `memloom fit`")),
            "{message}"
        );
        assert_eq!(fs::read_to_string(work.path().join(file)).unwrap(), text);
        succeeds(work.path(), &[&args[..], &["--force"]].concat());
        assert_eq!(fs::read(work.path().join(file)).unwrap(), ours);
    }
    let same = fails(work.path(), &[&FIT[..], &["--out", "q", "--plot", "./q"]].concat());
    assert!(same.contains("`./q` is to be written twice"), "{same}");
}

#[test]
fn program_replaces_traces_and_decks_of_its_own() {
    let work = tempfile::tempdir().unwrap();
    let args = [&PROGRAM[..], &["--trace", "t.csv", "--decks", "decks"]].concat();
    for _ in 0..2 {
        succeeds(work.path(), &args);
        assert_eq!(manifest(&work.path().join("decks"))["kind"], "decks");
        assert_eq!(names(work.path()), ["decks", "t.csv"]);
    }
    let deck = work.path().join("decks/ngspice/program.cir");
    let text = fs::read_to_string(&deck).unwrap();
    fs::write(&deck, text.clone() + "* mine\n").unwrap();
    assert!(fails(work.path(), &args).contains("`ngspice/program.cir` (changed)"));
    assert_eq!(fs::read_to_string(&deck).unwrap(), text + "* mine\n");
    fs::write(work.path().join("t.csv"), "time,volts\n").unwrap();
    assert!(fails(work.path(), &args).contains("`t.csv` is there and was not written by `memloom program`"));
    let message = fails(work.path(), &["build", "absent.safetensors", "--out", "decks"]);
    assert!(message.contains("other than a build"), "{message}");
}

#[test]
fn calibrate_replaces_ranges() {
    let work = tempfile::tempdir().unwrap();
    let batch = cifar10("test_batch.bin");
    let args = [&CALIBRATE[..], &[batch.to_str().unwrap(), "--out", "r.json"]].concat();
    succeeds(work.path(), &args);
    let first = fs::read(work.path().join("r.json")).unwrap();
    succeeds(work.path(), &args);
    assert_eq!(fs::read(work.path().join("r.json")).unwrap(), first);
    fs::write(work.path().join("r.json"), "[1]").unwrap();
    assert!(
        fails(work.path(), &args)
            .contains("was not written by `memloom calibrate`; give another path, or `--force`")
    );
    assert_eq!(fs::read(work.path().join("r.json")).unwrap(), b"[1]");
    succeeds(work.path(), &[&args[..], &["--force"]].concat());
    assert_eq!(fs::read(work.path().join("r.json")).unwrap(), first);
}

#[test]
fn a_sweep_settles_all_of_its_files_before_the_work() {
    let work = tempfile::tempdir().unwrap();
    let batch = cifar10("test_batch.bin");
    let args = |levels: &'static str| {
        let vary = ["--vary", levels, "--count", "2", "--out", "s.parquet", "--cifar10"];
        [&["sweep"][..], &vary, &[batch.to_str().unwrap()]].concat()
    };
    let plots = ["s_1_accuracy_against_levels.svg", "s_2_target_conductances.svg"];
    for file in ["s.html", plots[0], plots[1], "s.parquet", "s.journal"] {
        fs::write(work.path().join(file), "mine\n").unwrap();
        let message = fails(work.path(), &args("levels=64"));
        assert!(message.contains(&format!("`{file}`")), "{message}");
        assert_eq!(names(work.path()), [file], "no work was begun");
        assert_eq!(fs::read_to_string(work.path().join(file)).unwrap(), "mine\n");
        fs::remove_file(work.path().join(file)).unwrap();
    }
    // Its own are replaced.
    for levels in ["levels=64", "levels=4"] {
        succeeds(work.path(), &args(levels));
        assert_eq!(names(work.path()), ["s.html", "s.parquet", plots[0], plots[1]]);
    }
}

#[test]
fn check_keeps_in_a_folder_of_its_own() {
    let work = with_network();
    let args = ["check", "net.safetensors", "--engine", "ngspice", "--layers", "stem", "--keep", "kept"];
    fs::create_dir_all(work.path().join("kept/stem")).unwrap();
    fs::write(work.path().join("kept/stem/stem.cir"), "mine").unwrap();
    let message = fails(work.path(), &args);
    assert!(message.contains("holds something other than what a check keeps: `stem/`"), "{message}");
    assert_eq!(fs::read_to_string(work.path().join("kept/stem/stem.cir")).unwrap(), "mine");
    fs::remove_dir_all(work.path().join("kept")).unwrap();
    for _ in 0..2 {
        succeeds(work.path(), &args);
        assert_eq!(manifest(&work.path().join("kept"))["kind"], "check");
        assert_eq!(names(work.path()), ["kept", "net.ranges.json", "net.safetensors"]);
    }
    let kept = common::files(&work.path().join("kept"));
    assert!(kept.iter().any(|file| file.starts_with("stem/") && file.ends_with(".raw")), "{kept:?}");
}

#[test]
fn what_a_failed_check_simulated_is_kept() {
    let work = with_network();
    let fake = work.path().join("ngspice");
    fs::write(&fake, "#!/bin/sh\ncase $1 in --version|-v) echo '** ngspice-43 : circuit';; *) echo 'Fatal error: no'; exit 1;; esac\n").unwrap();
    fs::set_permissions(&fake, fs::Permissions::from_mode(0o755)).unwrap();
    let args = ["check", "net.safetensors", "--engine", "ngspice", "--layers", "stem", "--keep", "kept"];
    let output = memloom(work.path()).args(args).env("MEMLOOM_NGSPICE", &fake).output().unwrap();
    let message = failed(&output);
    assert!(!message.contains(".part") && message.contains("kept/stem/"), "{message}");
    assert!(common::files(&work.path().join("kept")).iter().any(|file| file.starts_with("stem/")));
}

#[test]
fn paths_that_are_not_utf_8_work() {
    let work = with_network();
    fs::copy(with_device().path().join("device.csv"), work.path().join("device.csv")).unwrap();
    let name = |end: &[u8]| OsStr::from_bytes(&[b"\xe9t\xe9", end].concat()).to_owned();
    let run = |args: &[&str], flag: &str, name: &OsStr| {
        for _ in 0..2 {
            let output = memloom(work.path()).args(args).arg(flag).arg(name).output().unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(work.path().join(name).exists());
        }
    };
    run(&BUILD, "--out", &name(b""));
    run(&FIT, "--plot", &name(b".svg"));
    run(&PROGRAM, "--decks", &name(b".decks"));
    assert_eq!(names(work.path()).len(), 6);
}
