//! What is read: once, from files and pipes, and never more than there is memory for.

mod common;

use common::{batch, fails, memloom, succeeds, tiny};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// The hash of the weights that a journal says that it is of.
fn hash_in(journal: &Path) -> String {
    let text = fs::read_to_string(journal).unwrap();
    let head: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    head["entry"]["key"]["weights"].as_str().unwrap().to_owned()
}

/// Runs `memloom` with at most that much address space, GiB.
fn within(gib: u64, folder: &Path, args: &[&str]) -> Output {
    // Threads take address space each.
    let limit = format!("ulimit -v {}; exec \"$0\" \"$@\"", gib << 20);
    let memloom = env!("CARGO_BIN_EXE_memloom");
    Command::new("sh")
        .current_dir(folder)
        .args(["-c", &limit, memloom, "--threads", "2"])
        .args(args)
        .output()
        .unwrap()
}

#[test]
fn weights_come_through_a_pipe() {
    let work = tempfile::tempdir().unwrap();
    let weights = fs::read(tiny()).unwrap();
    batch(&work.path().join("images.bin"), 10);
    let args = ["eval", "--model", "/dev/stdin", "--cifar10", "images.bin", "--resume", "done"];
    let output = memloom(work.path()).args(args).stdin(stdin_of(&weights)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(hash_in(&work.path().join("done")), sha256(&weights));
    pipe(&work.path().join("w"));
    let to = work.path().join("w");
    let writer = std::thread::spawn(move || fs::write(to, weights));
    succeeds(work.path(), &["plan", "w"]);
    writer.join().unwrap().unwrap();
}

/// Standard input that gives `bytes`, through a pipe.
fn stdin_of(bytes: &[u8]) -> Stdio {
    let (read, mut write) = std::io::pipe().unwrap();
    let bytes = bytes.to_vec();
    std::thread::spawn(move || std::io::Write::write_all(&mut write, &bytes));
    read.into()
}

#[test]
fn a_sweep_of_piped_weights_reads_them_once() {
    let work = tempfile::tempdir().unwrap();
    batch(&work.path().join("images.bin"), 10);
    let args = [
        "sweep",
        "--model",
        "/dev/stdin",
        "--cifar10",
        "images.bin",
        "--vary",
        "tile=64,32",
        "--out",
        "s.parquet",
    ];
    let output =
        memloom(work.path()).args(args).stdin(stdin_of(&fs::read(tiny()).unwrap())).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_pipe_without_a_writer_is_given_up() {
    let work = tempfile::tempdir().unwrap();
    pipe(&work.path().join("w"));
    let start = Instant::now();
    let message = fails(work.path(), &["plan", "w"]);
    assert!(message.contains("start the program that writes to it"), "{message}");
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[test]
fn devices_and_folders_are_no_input() {
    let work = tempfile::tempdir().unwrap();
    let model = tiny();
    let model = model.to_str().unwrap();
    for args in [
        &["plan"][..],
        &["plan", model, "--ranges"],
        &["run", "--model", model],
        &["calibrate", model, "--out", "r.json", "--images"],
        &["eval", "--model", model, "--cifar10"],
    ] {
        let message = fails(work.path(), &[args, &["/dev/zero"]].concat());
        assert!(message.contains("a device; give a file or a pipe"), "{args:?}: {message}");
    }
    assert!(fails(work.path(), &["plan", "."]).contains("a folder; give a file"));
}

#[test]
fn what_a_file_claims_is_held_against_a_limit() {
    let work = tempfile::tempdir().unwrap();
    // A header of 64 MiB of spaces, which the format allows.
    let header = File::create(work.path().join("header.safetensors")).unwrap();
    std::os::unix::fs::FileExt::write_all_at(&header, &(64_u64 << 20).to_le_bytes(), 0).unwrap();
    header.set_len(1 << 27).unwrap();
    // Weights of two GiB, which are a hole.
    File::create(work.path().join("long.safetensors")).unwrap().set_len(1 << 31).unwrap();
    let model = tiny();
    let model = model.to_str().unwrap();
    for (args, said) in [
        (&["plan", "header.safetensors"][..], "a header of 67108864 bytes"),
        (&["plan", "long.safetensors"], "longer than 1073741824 bytes"),
        (
            &["plan", model, "--stem-stride", "1", "--input", "3x1024x1024", "--memory-budget", "4GiB"],
            "more than 4.0 GiB",
        ),
        (
            &["plan", model, "--stem-stride", "1", "--input", "3x64x64", "--memory-budget", "10MiB"],
            "more than 10.0 MiB",
        ),
    ] {
        let message = common::failed(&within(1, work.path(), args));
        assert!(message.contains(said), "{args:?}: {message}");
    }
    let whole = ["plan", model, "--stem-stride", "1", "--input", "3x64x64", "--memory-budget", "1GiB"];
    let output = within(1, work.path(), &whole);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn sizes_are_checked() {
    let work = tempfile::tempdir().unwrap();
    let output = memloom(work.path()).args(["plan", "--memory-budget", "much"]).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("write one such as `12GiB`"));
    assert!(!output.status.success());
}
