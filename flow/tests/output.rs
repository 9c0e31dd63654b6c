//! Outputs are whole or not there, and nothing of a user's is replaced.

use memloom_flow::output::{Kind, MANIFEST, Staging};
use serde_json::json;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A folder of ours at `target`, with two files in it.
fn build(target: &Path, text: &str) -> memloom_flow::Result<()> {
    let staging = Staging::new(target, Kind::Build)?;
    fs::create_dir(staging.path().join("spice"))?;
    fs::write(staging.path().join("spice/top.cir"), text)?;
    fs::write(staging.path().join("report.html"), "a page")?;
    let files = staging.files()?;
    staging.finish(&json!({ "plan": [1.5] }), &files).map(|_| ())
}

fn built(target: &Path) -> String {
    assert!(target.join(MANIFEST).is_file() && target.join("report.html").is_file());
    fs::read_to_string(target.join("spice/top.cir")).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn work() -> (TempDir, PathBuf) {
    let work = tempfile::tempdir().unwrap();
    let out = work.path().join("out");
    (work, out)
}

/// Builds to `target`, which must be refused, before anything is filled.
fn refused(target: &Path) -> String {
    Staging::new(target, Kind::Build).err().expect("refused").to_string()
}

#[test]
fn a_build_is_replaced_by_a_build() {
    let (work, out) = work();
    for text in ["first", "second"] {
        build(&out, text).unwrap();
        assert_eq!(built(&out), text);
        assert_eq!(names(work.path()), ["out"]);
    }
    // A part of it may be missing; an empty folder is as good as none.
    fs::remove_file(out.join("report.html")).unwrap();
    build(&out, "third").unwrap();
    fs::create_dir(work.path().join("empty")).unwrap();
    build(&work.path().join("empty"), "fourth").unwrap();
    assert_eq!((built(&out).as_str(), built(&work.path().join("empty")).as_str()), ("third", "fourth"));
}

#[test]
fn a_foreign_project_is_left_alone() {
    let (_work, out) = work();
    fs::create_dir_all(out.join("src")).unwrap();
    for manifest in [
        "{}",
        r#"{"name": "app", "files": []}"#,
        r#"{"memloom": "0.1.0", "kind": "build", "files": []}"#,
        "no json",
    ] {
        fs::write(out.join(MANIFEST), manifest).unwrap();
        let message = refused(&out);
        assert!(message.contains("holds something other than a build: `manifest.json`, `src/`"), "{message}");
        assert_eq!(names(&out), [MANIFEST, "src"]);
    }
}

#[test]
fn a_build_with_anything_else_in_it_is_left_alone() {
    let (_work, out) = work();
    type Change = fn(&Path);
    let changes: [(Change, &str); 8] = [
        (|out| fs::write(out.join("notes.txt"), "mine").unwrap(), "`notes.txt`"),
        (|out| fs::write(out.join("spice/notes.txt"), "mine").unwrap(), "`spice/notes.txt`"),
        (|out| fs::create_dir(out.join("mine")).unwrap(), "`mine/`"),
        (|out| fs::write(out.join("spice/top.cir"), "TEXT").unwrap(), "`spice/top.cir` (changed)"),
        (|out| fs::write(out.join("spice/top.cir"), "longer").unwrap(), "`spice/top.cir` (changed)"),
        (|out| symlink("top.cir", out.join("spice/link")).unwrap(), "`spice/link`"),
        (|out| File::create(out.join("a\u{1b}[31m\n")).map(drop).unwrap(), r"`a\u{1b}[31m\n`"),
        (|out| File::create(out.join(OsStr::from_bytes(b"\xff"))).map(drop).unwrap(), "`\u{fffd}`"),
    ];
    for (change, said) in changes {
        let _ = fs::remove_dir_all(&out);
        build(&out, "text").unwrap();
        change(&out);
        let before = names(&out);
        let message = refused(&out);
        assert!(message.contains(&format!("holds something other than a build: {said}; give")), "{message}");
        assert_eq!(names(&out), before);
    }
    // The manifest itself was edited.
    fs::remove_dir_all(&out).unwrap();
    build(&out, "text").unwrap();
    let manifest = fs::read_to_string(out.join(MANIFEST)).unwrap();
    fs::write(out.join(MANIFEST), manifest.replace("1.5", "2.5")).unwrap();
    assert!(refused(&out).contains("`manifest.json`"));
}

#[test]
fn ten_foreign_files_are_listed() {
    let (_work, out) = work();
    build(&out, "text").unwrap();
    (10..23).for_each(|k| fs::write(out.join(format!("mine{k}")), "").unwrap());
    let message = refused(&out);
    assert!(message.contains("`mine10`, ") && message.contains("`mine19` and 3 more"), "{message}");
}

#[test]
fn a_folder_of_another_kind_is_left_alone() {
    let (_work, out) = work();
    build(&out, "text").unwrap();
    let message = Staging::new(&out, Kind::Decks).err().expect("refused").to_string();
    assert!(message.contains("other than decks of `memloom program`"), "{message}");
    assert_eq!(built(&out), "text");
}

#[test]
fn what_a_user_adds_during_the_work_is_not_lost() {
    let (work, out) = work();
    build(&out, "text").unwrap();
    let staging = Staging::new(&out, Kind::Build).unwrap();
    fs::write(out.join("notes.txt"), "mine").unwrap();
    let message = staging.finish(&json!({}), &[]).unwrap_err().to_string();
    assert!(message.contains("`notes.txt`"), "{message}");
    assert_eq!((built(&out).as_str(), names(work.path())), ("text", vec!["out".to_owned()]));
}

#[test]
fn links_are_followed() {
    let (work, out) = work();
    let link = work.path().join("link");
    fs::create_dir(&out).unwrap();
    symlink("out", &link).unwrap();
    for text in ["first", "second"] {
        build(&link, text).unwrap();
        assert_eq!((built(&out).as_str(), fs::read_link(&link).unwrap()), (text, "out".into()));
    }
    let dangling = work.path().join("dangling");
    symlink("nowhere", &dangling).unwrap();
    for target in [dangling.clone(), dangling.join("below")] {
        let message = refused(&target);
        assert!(message.contains("to `nowhere`, which is not there"), "{message}");
    }
    assert_eq!(names(work.path()), ["dangling", "link", "out"]);
}

#[test]
fn odd_paths_are_refused() {
    let (work, out) = work();
    fs::write(&out, "mine").unwrap();
    for (target, said) in [
        (out.clone(), "is a file; give a folder"),
        (out.join("below"), "is a file"),
        (out.join("below/below"), "is a file"),
        (work.path().join("gone/../new"), "without `..`"),
        (work.path().join("gone/.."), "without `..`"),
        (PathBuf::from(""), "has no name"),
        (PathBuf::from("/"), "is the root"),
        (PathBuf::from("/proc"), "is where a file system is mounted"),
        (PathBuf::from("/proc/memloom"), "cannot be made"),
        (std::env::current_dir().unwrap(), "is the working folder"),
        (PathBuf::from(".."), "is the working folder, or holds it"),
    ] {
        let message = refused(&target);
        assert!(message.contains(said), "{}: {message}", target.display());
    }
    assert_eq!(names(work.path()), ["out"]);
}

#[test]
fn folders_above_are_made_when_the_folder_is_whole() {
    let (work, out) = work();
    let deep = out.join("a/./b");
    drop(Staging::new(&deep, Kind::Build).unwrap());
    assert!(names(work.path()).is_empty());
    build(&deep, "text").unwrap();
    assert_eq!((built(&out.join("a/b")).as_str(), names(work.path())), ("text", vec!["out".to_owned()]));
}

#[test]
fn a_name_of_any_bytes_will_do() {
    let (work, _) = work();
    let out = work.path().join(OsStr::from_bytes(b"o\xffut"));
    for text in ["first", "second"] {
        build(&out, text).unwrap();
        assert_eq!((built(&out).as_str(), names(work.path()).len()), (text, 1));
    }
}

#[test]
fn a_folder_keeps_its_permissions() {
    let (_work, out) = work();
    build(&out, "first").unwrap();
    fs::set_permissions(&out, fs::Permissions::from_mode(0o750)).unwrap();
    build(&out, "second").unwrap();
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o750);
}

#[test]
fn what_the_dead_left_is_removed_and_what_the_living_fill_is_not() {
    let (work, out) = work();
    let dead = work.path().join(".out.memloom-abcdef.part");
    fs::create_dir_all(dead.join("spice")).unwrap();
    fs::write(dead.join("spice/top.cir"), "half").unwrap();
    fs::write(work.path().join(".out.memloom-fedcba.part"), "half").unwrap();
    // Of others: another target's, and names that only look alike.
    let others = [".out2.memloom-abcdef.part", ".out.abcdef.part", "out.memloom-abcdef.part"];
    others.iter().for_each(|name| fs::write(work.path().join(name), "").unwrap());
    let living = Staging::new(&out, Kind::Build).unwrap();
    build(&out, "text").unwrap();
    assert!(living.path().is_dir() && !dead.exists());
    drop(living);
    let mut left: Vec<&str> = others.into_iter().chain(["out"]).collect();
    left.sort_unstable();
    assert_eq!(names(work.path()), left);
}

#[test]
fn a_folder_moved_aside_and_not_replaced_is_put_back() {
    let (work, out) = work();
    build(&out, "first").unwrap();
    let aside = work.path().join(".out.memloom-abcdef.old");
    fs::rename(&out, &aside).unwrap();
    drop(Staging::new(&out, Kind::Build).unwrap());
    assert_eq!((built(&out).as_str(), names(work.path())), ("first", vec!["out".to_owned()]));
    // Replaced already: it is of no use.
    fs::create_dir(&aside).unwrap();
    build(&out, "second").unwrap();
    assert_eq!((built(&out).as_str(), names(work.path())), ("second", vec!["out".to_owned()]));
}

#[test]
fn many_at_once_leave_one_that_is_whole() {
    let (work, out) = work();
    std::thread::scope(|scope| {
        for k in 0..8 {
            let out = &out;
            scope.spawn(move || (0..10).for_each(|_| build(out, &format!("text {k}")).unwrap()));
        }
    });
    assert!(built(&out).starts_with("text "));
    assert_eq!(names(work.path()), ["out"]);
    build(&out, "whole").unwrap();
}
