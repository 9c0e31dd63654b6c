//! What was stopped goes on where it was, or says why it cannot.

mod common;

use common::{batch, fails, memloom, succeeds, tiny};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// A folder with images and the tiny network.
struct Work {
    folder: tempfile::TempDir,
}

impl Work {
    fn new(images: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        batch(&folder.path().join("images.bin"), images);
        fs::copy(tiny(), folder.path().join("net.safetensors")).unwrap();
        Self { folder }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// `memloom COMMAND ..` on the tiny network.
    fn args<'a>(command: &'a str, args: &[&'a str]) -> Vec<&'a str> {
        let model = ["--model", "net.safetensors", "--cifar10", "images.bin"];
        [&[command], &model[..], args].concat()
    }

    /// A sweep killed after its first score; its journal.
    fn killed_sweep(&self, args: &[&str]) -> PathBuf {
        let journal = self.path().join("s.journal");
        let mut child = memloom(self.path())
            .args(Self::args("sweep", args))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let scores = || fs::read_to_string(&journal).unwrap_or_default().matches("Part").count();
        while scores() < 2 {
            if let Some(status) = child.try_wait().unwrap() {
                panic!("ended before it was killed: {status}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        journal
    }

    /// Runs `args` on a journal, which must be refused and left as it is.
    fn refused(&self, journal: &Path, args: &[&str]) -> String {
        let before = fs::read(journal).unwrap();
        let message = fails(self.path(), args);
        assert!(fs::read(journal).unwrap() == before, "{message}");
        message
    }
}

const SWEEP: [&str; 6] = [
    "--vary",
    "program_error=1%,2%,3%,4%,5%,6%,7%,8%,9%,10%",
    "--vary",
    "stuck=0,1%,2%,3%,4%,5%,6%,7%,8%,9%,10%,11%,12%",
    "--out",
    "s.parquet",
];

#[test]
fn a_sweep_does_not_go_on_with_other_settings() {
    let work = Work::new(100);
    let journal = work.killed_sweep(&SWEEP);
    let with = |more: &[&str]| work.refused(&journal, &Work::args("sweep", &[&SWEEP[..], more].concat()));
    for (more, said) in [
        (
            &["--first-block-residual", "true"][..],
            "`settings.first_block_residual` is not set in the journal, true now",
        ),
        (&["--count", "50"], "`images.count` is 100 in the journal, 50 now"),
        (&["--seed", "2"], "`seed` is 1 in the journal, 2 now"),
        (&["--runs", "2"], "`runs` is 1 in the journal, 2 now"),
        (
            &["--gain", "ideal"],
            "`technology.readout.spec.op_amp.spec.gain` is 10000.0 in the journal, \"ideal\" now",
        ),
        (&["--compensation", "off"], "`setup.uncompensated` is false in the journal, true now"),
        (&["--technology", "hfo2_differential"], "`technology.signed` is \"dual_rail\" in the journal"),
        (&["--read-noise", "1%"], "`setup.chip.read_noise`"),
    ] {
        let message = with(more);
        assert!(message.contains("holds other work") && message.contains(said), "{more:?}: {message}");
    }
    let mut weights = fs::read(work.path().join("net.safetensors")).unwrap();
    *weights.last_mut().unwrap() ^= 1;
    fs::write(work.path().join("net.safetensors"), weights).unwrap();
    assert!(with(&[]).contains("`weights` is"));
}

#[test]
fn a_sweep_does_not_go_on_with_other_ranges_of_the_same_name() {
    let work = Work::new(60);
    let calibrate = ["calibrate", "net.safetensors", "--images", "images.bin", "--out", "net.ranges.json"];
    succeeds(work.path(), &calibrate);
    let journal = work.killed_sweep(&SWEEP);
    let path = work.path().join("net.ranges.json");
    let ranges = fs::read_to_string(&path).unwrap();
    let mut other: Value = serde_json::from_str(&ranges).unwrap();
    other["stages"]["stem"]["side"] = json!(1e3);
    fs::write(&path, other.to_string()).unwrap();
    let message = work.refused(&journal, &Work::args("sweep", &SWEEP));
    assert!(message.contains("`ranges.stages.stem.side` is"), "{message}");
    fs::remove_file(&path).unwrap();
    let message = work.refused(&journal, &Work::args("sweep", &SWEEP));
    assert!(message.contains("`ranges.source` is \"images.bin\" in the journal"), "{message}");
}

#[test]
fn a_sweep_goes_on_with_what_is_in_its_journal() {
    let work = Work::new(60);
    let vary = ["--vary", "program_error=1%,2%,3%,4%,5%,6%,7%,8%,9%,10%", "--out", "s.parquet"];
    let args = Work::args("sweep", &vary);
    succeeds(work.path(), &args);
    let whole = fs::read(work.path().join("s.parquet")).unwrap();
    fs::remove_file(work.path().join("s.parquet")).unwrap();
    work.killed_sweep(&vary);
    succeeds(work.path(), &args);
    assert!(fs::read(work.path().join("s.parquet")).unwrap() == whole);
}

/// An evaluation with its journal, of lines.
fn evaluated(work: &Work, args: &[&str]) -> (PathBuf, Vec<String>) {
    succeeds(work.path(), args);
    let journal = work.path().join("done");
    let text = fs::read_to_string(&journal).unwrap();
    (journal, text.lines().map(str::to_owned).collect())
}

/// A journal of those entries whose lines have the right sums, as a liar would write it.
fn sealed(entries: &[Value]) -> String {
    let mut sum = String::new();
    let line = |entry: &Value| {
        let hash = Sha256::digest(format!("{sum}{entry}"));
        sum = hash.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("{}\n", json!({ "entry": entry, "sum": sum }))
    };
    entries.iter().map(line).collect()
}

#[test]
fn entries_that_cannot_be_are_refused() {
    let work = Work::new(30);
    let args = Work::args("eval", &["--resume", "done", "--runs", "2"]);
    let (journal, lines) = evaluated(&work, &args);
    assert_eq!(lines.len(), 4, "a head, two chips and the layers");
    let edited = lines.join("\n").replacen("\"same_class\":", "\"same_class\":9", 1) + "\n";
    fs::write(&journal, edited).unwrap();
    assert!(work.refused(&journal, &args).contains("line 2: it was changed"));

    let entries: Vec<Value> =
        lines.iter().map(|l| serde_json::from_str::<Value>(l).unwrap()["entry"].take()).collect();
    fs::write(&journal, sealed(&entries)).unwrap();
    let first = succeeds(work.path(), &args);
    assert_eq!(fs::read_to_string(&journal).unwrap(), sealed(&entries), "nothing was left to do: {first}");
    let changes: [(usize, &str, Value, &str); 10] = [
        (1, "/Part/score/same_class", json!(999_999), "line 2: `same_class` is 999999 of 30 images"),
        (1, "/Part/score/confusion/0/0", json!(31), "line 2: the confusion is not that of the labels"),
        (1, "/Part/score/confusion/0/0", json!(u64::MAX), "line 2: the confusion is not that of the labels"),
        (1, "/Part/score/confusion/0", json!([3]), "line 2: the confusion is not of 10 by 10 classes"),
        (1, "/Part/seed", json!(3), "line 2: point 0 with seed 3 is no part of this work"),
        (1, "/Part/point", json!(1), "line 2: point 1 with seed 1 is no part of this work"),
        (1, "/Part/first", json!(10), "line 2: no part of the images begins at 10"),
        (2, "/Part/seed", json!(1), "line 3: images from 0 are there twice"),
        (3, "/Layers/layers/0/cell_volts", json!(-1.0), "line 4: the numbers of layer `stem` cannot be"),
        (3, "/Layers/layers/0/layer", json!("fc9"), "line 4: the layers are not those of the network"),
    ];
    for (at, place, value, said) in changes {
        let mut entries = entries.clone();
        *entries[at].pointer_mut(place).unwrap() = value;
        fs::write(&journal, sealed(&entries)).unwrap();
        let message = work.refused(&journal, &args);
        assert!(message.contains(said), "{place}: {message}");
    }
}

#[test]
fn a_file_of_the_users_is_no_journal() {
    let work = Work::new(10);
    for text in ["my only notes, on one line without its end", "label,pixels\n1,2\n", "{\"a\": 1}"] {
        fs::write(work.path().join("notes"), text).unwrap();
        let args = Work::args("eval", &["--resume", "notes"]);
        assert!(work.refused(&work.path().join("notes"), &args).contains("is no journal"), "{text}");
    }
    fs::write(work.path().join("empty"), "").unwrap();
    succeeds(work.path(), &Work::args("eval", &["--resume", "empty"]));
}

#[test]
fn a_journal_is_one_processs_at_a_time() {
    let work = Work::new(10);
    let args = Work::args("eval", &["--resume", "done"]);
    let (journal, _) = evaluated(&work, &args);
    let held = fs::File::open(&journal).unwrap();
    held.lock().unwrap();
    assert!(work.refused(&journal, &args).contains("open in another process"));
    drop(held);
    succeeds(work.path(), &args);
}
