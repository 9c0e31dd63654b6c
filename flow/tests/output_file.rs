//! A file is replaced only if memloom wrote it, and is whole or not there.

use memloom_flow::output::{Form, Mark, Target, distinct};
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

const JSON: Mark = Mark::new(Form::Json, "memloom fit");
const SVG: Mark = Mark::new(Form::Svg, "memloom fit");
const OURS: &[u8] = br#"{"model": "vteam", "generator": "memloom fit", "deep": [{}]}"#;

/// A mark, a file that has it, and files that have not.
type Case<'a> = (Mark, &'a [u8], &'a [&'a [u8]]);

fn refused(path: &Path, mark: Mark) -> String {
    Target::new(path, mark, false).expect_err("refused").to_string()
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_file_of_ours_is_replaced_and_another_is_not() {
    let pair = b"\x18\x09generator\x18\x0dmemloom sweep\x00";
    let footer = |text: &[u8]| [b"PAR1", text, &(text.len() as u32).to_le_bytes(), b"PAR1"].concat();
    let parquet = Mark::new(Form::Parquet, "memloom sweep");
    let html = Mark::new(Form::Html, "memloom sweep");
    let csv = Mark::new(Form::Csv(&["pulse,volts", "device,cycle"]), "memloom program");
    let picture = SVG.sign_svg("<svg width=\"1\">\n<rect/></svg>");
    assert_eq!(picture, "<svg width=\"1\">\n<!-- generator: memloom fit -->\n<rect/></svg>");
    let cases: [Case<'_>; 5] = [
        (JSON, OURS, &[b"{}", b"[1]", b"\xff", br#"{"generator": "memloom sweep"}"#, br#"{"generator": 1}"#]),
        (SVG, picture.as_bytes(), &[b"<svg></svg>", b"<!-- generator: memloom sweep -->"]),
        (html, b"<meta name=\"generator\" content=\"memloom sweep\">", &[b"<p>memloom sweep</p>"]),
        (parquet, &footer(pair), &[pair, b"PAR1\xff\xff\xff\xffPAR1", b"PAR1", &footer(b"memloom sweep")]),
        (csv, b"device,cycle,x\n1,2,3\n", &[b"time,volts\n", b"# device,cycle\n"]),
    ];
    let work = tempfile::tempdir().unwrap();
    let path = work.path().join("file");
    for (mark, ours, others) in cases {
        fs::write(&path, ours).unwrap();
        Target::new(&path, mark, false).unwrap().write(b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        for other in others {
            fs::write(&path, other).unwrap();
            let message = refused(&path, mark);
            let said =
                format!("is there and was not written by `{}`; give another path, or `--force`", mark.by());
            assert!(message.contains(&said), "{message}");
            assert_eq!(fs::read(&path).unwrap(), *other);
            Target::new(&path, mark, true).unwrap().write(b"new").unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"new");
        }
        // There is nothing to lose in an empty one.
        fs::write(&path, "").unwrap();
        Target::new(&path, mark, false).unwrap().write(b"new").unwrap();
    }
    assert_eq!(count(work.path()), 1);
}

#[test]
fn a_file_that_appears_during_the_work_is_not_lost() {
    let work = tempfile::tempdir().unwrap();
    let path = work.path().join("fit.json");
    let target = Target::new(&path, JSON, false).unwrap();
    assert_eq!(count(work.path()), 0, "nothing is left while the work is done");
    fs::write(&path, "mine").unwrap();
    assert!(target.write(OURS).unwrap_err().to_string().contains("was not written by `memloom fit`"));
    assert_eq!(fs::read(&path).unwrap(), b"mine");
    fs::write(&path, OURS).unwrap();
    target.write(b"new").unwrap();
    assert_eq!((fs::read(&path).unwrap(), count(work.path())), (b"new".to_vec(), 1));
}

#[test]
fn links_are_followed_and_permissions_kept() {
    let work = tempfile::tempdir().unwrap();
    let (file, link) = (work.path().join("file"), work.path().join("link"));
    fs::write(&file, OURS).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("file", &link).unwrap();
    Target::new(&link, JSON, false).unwrap().write(b"new").unwrap();
    assert_eq!((fs::read(&file).unwrap(), fs::read_link(&link).unwrap()), (b"new".to_vec(), "file".into()));
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    fs::write(&file, OURS).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o444)).unwrap();
    assert!(refused(&link, JSON).contains("is read-only"));
    fs::remove_file(&file).unwrap();
    assert!(refused(&link, JSON).contains("to `file`, which is not there"));
}

#[test]
fn odd_paths_are_refused_before_any_work() {
    let work = tempfile::tempdir().unwrap();
    fs::write(work.path().join("mine"), "mine").unwrap();
    for (path, said) in [
        (work.path().to_path_buf(), "is a folder; give a file's path"),
        (work.path().join("mine/fit.json"), "is a file"),
        (work.path().join("no/.."), "without `..`"),
        (PathBuf::from("/dev/null"), "is no regular file"),
        (PathBuf::from("/proc/fit.json"), "cannot be made"),
        (PathBuf::new(), "has no name"),
    ] {
        let message = refused(&path, JSON);
        assert!(message.contains(said), "{}: {message}", path.display());
    }
    assert_eq!(count(work.path()), 1);
}

#[test]
fn folders_above_are_made_with_the_file() {
    let work = tempfile::tempdir().unwrap();
    let target = Target::new(&work.path().join("a/b/fit.json"), JSON, false).unwrap();
    assert_eq!(count(work.path()), 0);
    target.write(OURS).unwrap();
    assert_eq!(fs::read(work.path().join("a/b/fit.json")).unwrap(), OURS);
    assert_eq!((count(work.path()), count(&work.path().join("a/b"))), (1, 1));
}

#[test]
fn names_of_any_bytes_and_parts_of_the_dead() {
    let work = tempfile::tempdir().unwrap();
    let path = work.path().join(OsStr::from_bytes(b"\xff.svg"));
    fs::write(work.path().join(OsStr::from_bytes(b".\xff.svg.memloom-abcdef.part")), "half").unwrap();
    // Somebody's own: another name.
    fs::write(work.path().join(OsStr::from_bytes(b"\xff.svg.part")), "mine").unwrap();
    Target::new(&path, SVG, false).unwrap().write(b"new").unwrap();
    assert_eq!((fs::read(&path).unwrap(), count(work.path())), (b"new".to_vec(), 2));
}

#[test]
fn two_outputs_are_two_files() {
    let work = tempfile::tempdir().unwrap();
    let target = |name: &str| Target::new(&work.path().join(name), JSON, false).unwrap();
    distinct(&[target("a"), target("b")]).unwrap();
    let message = distinct(&[target("a"), target("./a")]).unwrap_err().to_string();
    assert!(message.contains("is to be written twice"), "{message}");
}
