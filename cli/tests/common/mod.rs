//! Runs the `memloom` command as a user does.
#![allow(dead_code, reason = "each test file uses its share")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The command, with an empty working folder.
pub(crate) fn memloom(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_memloom"));
    command.current_dir(folder);
    command
}

/// Runs it and expects success; gives what it printed.
pub(crate) fn succeeds(folder: &Path, args: &[&str]) -> String {
    let output = memloom(folder).args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Checks that a run failed as runs should: exit code 1, one message, no panic; gives the message.
pub(crate) fn failed(output: &Output) -> String {
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.starts_with("error: ") && !message.contains("panicked"), "{message}");
    message
}

/// Runs it and expects failure.
pub(crate) fn fails(folder: &Path, args: &[&str]) -> String {
    failed(&memloom(folder).args(args).output().unwrap())
}

/// The weights in the repository.
pub(crate) fn model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../models/mobilenet_v3_small_cifar10.safetensors")
}

/// A file of the CIFAR-10 data: below `MEMLOOM_CIFAR10`, or beside the repository.
pub(crate) fn cifar10(file: &str) -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/cifar10");
    let folder = std::env::var_os("MEMLOOM_CIFAR10").filter(|f| !f.is_empty()).map_or(beside, PathBuf::from);
    let path = folder.join(file);
    assert!(
        path.is_file(),
        "`{}` is not there; set MEMLOOM_CIFAR10 to the folder that holds it",
        path.display()
    );
    path
}

/// Every file below `folder`, with `/` between the parts of its path, sorted.
pub(crate) fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned()),
            }
        }
    }
    found.sort();
    found
}

/// A MobileNetV3 Small of a few hundred weights and ten classes, for CIFAR-10's images.
pub(crate) fn tiny() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/tiny.safetensors")
}

/// Writes a CIFAR-10 batch of made-up images of every class.
pub(crate) fn batch(path: &Path, images: usize) {
    let record = |image: usize| {
        let pixel = move |at: usize| ((at * (image % 7 + 1) + image * 31) % 256) as u8;
        std::iter::once((image % 10) as u8).chain((0..3072).map(pixel))
    };
    std::fs::write(path, (0..images).flat_map(record).collect::<Vec<_>>()).unwrap();
}
