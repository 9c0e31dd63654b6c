//! `docs/errors.md`: every mistake of the compile-fail suite, what memloom says, and the cure. Made from the suite itself,
//! so it cannot go stale; `MEMLOOM_BLESS=1` rewrites it.

use pretty_assertions::assert_eq;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Folder of the suite, and the title of its chapter.
const CHAPTERS: [(&str, &str); 10] = [
    ("keys", "Keys of an attribute"),
    ("units", "Units"),
    ("values", "Values"),
    ("parts", "What a declaration is made of"),
    ("device", "Models of a memristor"),
    ("module", "Fields of a module"),
    ("ports", "Ports and what they are wired to"),
    ("nets", "Nets and their drivers"),
    ("own", "Activations of your own"),
    ("generic", "Generic declarations"),
];

const CURE: &str = "//! cure: ";

fn cases(kind: &str) -> Vec<PathBuf> {
    let folder = Path::new("tests/ui").join(kind);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder)
        .expect("a folder of cases")
        .map(|entry| entry.expect("a case").path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect();
    cases.sort();
    cases
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).replace("\r\n", "\n")
}

/// A case without what every case has: the cure, the prelude, an empty `main`.
fn program(source: &str) -> String {
    let all = ["use memloom::prelude::*;", "fn main() {}", "#![deny(deprecated)]"];
    let lines = source.lines().filter(|line| !line.starts_with(CURE) && !all.contains(line));
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    text.trim().to_string()
}

/// What is said: the first line of each error, and the notes in memloom's own words.
fn said(stderr: &str) -> Vec<&str> {
    let starts = ["error", "  = note: ", "   = note: ", "    = note: "];
    let foreign = ["this error originates", "`#[deny", "inside `", "the lint level"];
    let own =
        |line: &&str| starts.iter().any(|s| line.starts_with(s)) && !foreign.iter().any(|f| line.contains(f));
    stderr.lines().filter(own).collect()
}

fn page() -> String {
    let mut page = String::from(
        "# Errors and their cures\n\n\
         Every mistake below is a test of `dsl/tests/ui`; this page is made from them by `dsl/tests/errors_page.rs`.\n\
         The compiler also underlines the place.\n",
    );
    for (kind, title) in CHAPTERS {
        write!(page, "\n## {title}\n").expect("text grows");
        for path in cases(kind) {
            let source = read(&path);
            let cure = source.lines().next().and_then(|line| line.strip_prefix(CURE));
            let cure = cure.unwrap_or_else(|| panic!("{}: the first line is its cure", path.display()));
            let name = path.file_stem().expect("a name").to_string_lossy().replace('_', " ");
            let stderr = read(&path.with_extension("stderr"));
            let said = said(&stderr).into_iter().map(str::trim_start).collect::<Vec<_>>().join("\n");
            let program = program(&source);
            write!(
                page,
                "\n### {name}\n\n```rust,ignore\n{program}\n```\n\n```text\n{said}\n```\n\n**Cure:** {cure}.\n"
            )
            .expect("text grows");
        }
    }
    page
}

#[test]
fn the_page_is_that_of_the_suite() {
    let path = Path::new("../docs/errors.md");
    let page = page();
    if std::env::var_os("MEMLOOM_BLESS").is_some() {
        fs::create_dir_all("../docs").expect("a folder for the page");
        fs::write(path, &page).expect("the page is written");
    }
    assert_eq!(read(path), page, "run with MEMLOOM_BLESS=1 to rewrite docs/errors.md");
}

#[test]
fn the_suite_is_whole() {
    let count: usize = CHAPTERS.iter().map(|(kind, _)| cases(kind).len()).sum();
    assert!(count >= 80, "{count} cases");
    let folders = fs::read_dir("tests/ui").expect("the suite").count();
    assert_eq!(folders, CHAPTERS.len() + 1, "every folder but `pass` is a chapter");
}
