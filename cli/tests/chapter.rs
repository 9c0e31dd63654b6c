//! `docs/fitting.md` shows what its commands print.

mod common;

use common::memloom;
use std::fs;
use std::path::{Path, PathBuf};

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// A folder with the example's file where the chapter has it.
fn work() -> tempfile::TempDir {
    let work = tempfile::tempdir().unwrap();
    fs::create_dir_all(work.path().join("docs/fitting")).unwrap();
    fs::copy(docs().join("fitting/device.csv"), work.path().join("docs/fitting/device.csv")).unwrap();
    work
}

/// What a command prints, its error last, as on a terminal.
fn printed(folder: &Path, line: &str) -> String {
    let args: Vec<&str> = line.split_whitespace().skip(2).collect();
    let output = memloom(folder).args(args).output().unwrap();
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
}

/// `docs/<name>` is `text`; `MEMLOOM_BLESS=1` writes it anew.
fn assert_written(name: &str, text: &str) {
    if std::env::var_os("MEMLOOM_BLESS").is_some() {
        fs::write(docs().join(name), text).unwrap();
    }
    let wanted = fs::read_to_string(docs().join(name)).unwrap();
    pretty_assertions::assert_str_eq!(wanted, text, "run with MEMLOOM_BLESS=1 to write it anew");
}

#[test]
fn every_console_block_is_what_the_command_prints() {
    let work = work();
    let chapter = fs::read_to_string(docs().join("fitting.md")).unwrap();
    let (mut text, mut within) = (String::new(), false);
    for line in chapter.lines() {
        if line == "```" {
            within = false;
        }
        if !within {
            text += &format!("{line}\n");
        }
        if line.starts_with("$ memloom ") {
            text += &format!("{line}\n{}", printed(work.path(), line));
        }
        within |= line == "```console";
    }
    assert_written("fitting.md", &text);
    assert_written("fitting/fit.svg", &fs::read_to_string(work.path().join("fit.svg")).unwrap());
}
