//! What goes wrong is said, with exit code 1, and leaves nothing behind that looks whole.

mod common;

use common::{cifar10, failed, fails, memloom, model};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// A file with the model's bytes changed by `change`.
fn changed(folder: &Path, change: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut bytes = fs::read(model()).unwrap();
    change(&mut bytes);
    fs::write(folder.join("net.safetensors"), bytes).unwrap();
    "net.safetensors".into()
}

/// Replaces `from` by as long a `to` in the header.
fn renamed(bytes: &mut [u8], from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).unwrap();
    bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
}

/// The first byte of a tensor's data.
fn data_of(bytes: &[u8], tensor: &str) -> usize {
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let json: serde_json::Value = serde_json::from_slice(&bytes[8..8 + header]).unwrap();
    8 + header + json[tensor]["data_offsets"][0].as_u64().unwrap() as usize
}

/// Builds a changed model; the message must have all of `parts`, and nothing may be written.
fn refused(change: impl FnOnce(&mut Vec<u8>), parts: &[&str]) {
    let work = tempfile::tempdir().unwrap();
    let file = changed(work.path(), change);
    let message = fails(work.path(), &["build", &file]);
    parts.iter().for_each(|part| assert!(message.contains(part), "`{part}` is not in: {message}"));
    let left: Vec<_> = fs::read_dir(work.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["net.safetensors"], "nothing is left behind");
}

#[test]
fn a_truncated_file() {
    refused(|bytes| bytes.truncate(3_000_000), &["net.safetensors"]);
    refused(|bytes| bytes.truncate(5), &["net.safetensors"]);
    refused(Vec::clear, &["net.safetensors"]);
}

#[test]
fn a_missing_tensor() {
    // Renamed, a tensor is missing under one name and unknown under the other.
    refused(
        |b| renamed(b, "features.4.block.2.fc1.weight", "features.4.block.2.fcX.weight"),
        &["features.4.block.2.fc"],
    );
}

#[test]
fn a_wrong_shape() {
    refused(|b| renamed(b, "\"shape\":[1024,576]", "\"shape\":[576,1024]"), &["classifier.0", "576"]);
}

#[test]
fn weights_that_are_no_numbers() {
    for bad in [f32::NAN, f32::INFINITY] {
        let poison = |b: &mut Vec<u8>| {
            let at = data_of(b, "features.2.block.0.0.weight") + 40;
            b[at..at + 4].copy_from_slice(&bad.to_le_bytes());
        };
        refused(poison, &["features.2.block.0.0.weight", "10"]);
    }
}

#[test]
fn a_weight_beyond_cell_and_feedback() {
    let work = tempfile::tempdir().unwrap();
    let file = changed(work.path(), |b| {
        let at = data_of(b, "features.2.block.0.0.weight") + 4 * (2 * 16 + 5);
        b[at..at + 4].copy_from_slice(&1e9f32.to_le_bytes());
    });
    let ranges = model().with_extension("ranges.json");
    let message = fails(work.path(), &["build", &file, "--ranges", ranges.to_str().unwrap()]);
    assert!(message.contains("layer `b1.expand`, output 2: the weight of input 5"), "{message}");
    assert!(message.contains("the technology's largest is"), "{message}");
    assert!(!work.path().join("out").exists());
}

#[test]
fn an_output_path_that_is_a_file_or_holds_other_things() {
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("out"), "mine").unwrap();
    assert!(fails(work.path(), &["build"]).contains("`out` is a file"));
    assert_eq!(fs::read_to_string(work.path().join("out")).unwrap(), "mine");
    fs::create_dir(work.path().join("thesis")).unwrap();
    fs::write(work.path().join("thesis/chapter1.tex"), "mine").unwrap();
    assert!(fails(work.path(), &["build", "--out", "thesis"]).contains("holds something other than a build"));
    assert_eq!(fs::read_dir(work.path().join("thesis")).unwrap().count(), 1);
    assert!(fails(work.path(), &["build", "--out", "out/below"]).contains("output folder `out/below`"));
}

#[test]
fn a_full_disk() {
    let work = tempfile::tempdir().unwrap();
    // A limit on file size fails a write as a full disk does, in the middle of a file.
    let script = format!("trap '' XFSZ; ulimit -f 600; exec {} build", env!("CARGO_BIN_EXE_memloom"));
    let output = Command::new("bash").args(["-c", &script]).current_dir(work.path()).output().unwrap();
    let message = failed(&output);
    assert!(message.contains("spice/"), "the file is named: {message}");
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn an_interrupt() {
    let work = tempfile::tempdir().unwrap();
    let mut child =
        memloom(work.path()).arg("build").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while fs::read_dir(work.path()).unwrap().count() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(700));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0, "nothing is left behind");
}

#[test]
fn images_of_another_size_or_kind() {
    let work = tempfile::tempdir().unwrap();
    let picture = image::RgbImage::from_pixel(33, 32, image::Rgb([1, 2, 3]));
    picture.save(work.path().join("wide.png")).unwrap();
    let message = fails(work.path(), &["run", "wide.png"]);
    assert!(message.contains("33x32") && message.contains("32x32"), "{message}");
    fs::write(work.path().join("text.png"), "no picture").unwrap();
    assert!(fails(work.path(), &["run", "text.png"]).contains("text.png"));
    fs::write(work.path().join("short.bin"), [0u8; 3000]).unwrap();
    assert!(fails(work.path(), &["run", "short.bin"]).contains("3073"));
    let batch = cifar10("test_batch.bin");
    let message = fails(work.path(), &["run", batch.to_str().unwrap(), "--index", "10000"]);
    assert!(message.contains("`10000`") && message.contains("9999"), "{message}");
    assert!(fails(work.path(), &["run", "absent.png"]).contains("absent.png"));
}

#[test]
fn names_that_nothing_has() {
    let work = tempfile::tempdir().unwrap();
    let message = fails(work.path(), &["build", "--technology", "hfo3"]);
    assert!(message.contains("`hfo3`") && message.contains("`hfo2`"), "{message}");
    assert!(fails(work.path(), &["build", "absent.safetensors"]).contains("absent.safetensors"));
    let message = fails(work.path(), &["check", "--engine", "ngspice", "--layers", "b99"]);
    assert!(message.contains("`b99`") && message.contains("b1.expand"), "{message}");
    assert_eq!(fs::read_dir(work.path()).unwrap().count(), 0);
}

#[test]
fn a_missing_simulator_is_named_with_its_cure() {
    let work = tempfile::tempdir().unwrap();
    let output = memloom(work.path())
        .args(["check", "--engine", "ngspice", "--layers", "stem"])
        .env("MEMLOOM_NGSPICE", "/nowhere/ngspice")
        .output()
        .unwrap();
    assert!(failed(&output).contains("scripts/setup"));
}
