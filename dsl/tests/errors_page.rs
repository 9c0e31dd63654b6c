//! `docs/errors.md` and a page for each kind: every mistake of the compile-fail suite, what memloom says, and the cure.
//! Made from the suite itself, so they cannot go stale; `MEMLOOM_BLESS=1` rewrites them.

use memloom::erc;
use pretty_assertions::assert_eq;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// Folder of the suite, and the title of its chapter.
const CHAPTERS: [(&str, &str); 11] = [
    ("keys", "Keys of an attribute"),
    ("units", "Units"),
    ("values", "Values"),
    ("parts", "What a declaration is made of"),
    ("device", "Models of a memristor"),
    ("module", "Fields of a module"),
    ("ports", "Ports and what they are wired to"),
    ("nets", "Nets and their drivers"),
    ("own", "Activations of your own"),
    ("foreign", "Cells of a file, and supplies"),
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

/// A case of the suite as a section of its chapter's page.
fn section(path: &Path) -> String {
    let source = read(path);
    let cure = source.lines().next().and_then(|line| line.strip_prefix(CURE));
    let cure = cure.unwrap_or_else(|| panic!("{}: the first line is its cure", path.display()));
    let (title, stderr) = (title(path), read(&path.with_extension("stderr")));
    let said = said(&stderr).into_iter().map(str::trim_start).collect::<Vec<_>>().join("\n");
    let program = program(&source);
    format!("\n## {title}\n\n```rust,ignore\n{program}\n```\n\n```text\n{said}\n```\n\n**Cure:** {cure}.\n")
}

fn title(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().replace('_', " ")
}

/// Every page by its path below `docs`: the index, then one for each chapter.
fn pages() -> Vec<(String, String)> {
    let mut index = String::from(
        "# Errors and their cures\n\n\
         Every mistake on these pages is a test of `dsl/tests/ui`; they are made from the tests by \
         `dsl/tests/errors_page.rs`.\nThe compiler also underlines the place.\n",
    );
    let mut pages = Vec::new();
    for (kind, chapter) in CHAPTERS {
        let cases = cases(kind);
        write!(index, "\n## [{chapter}](errors/{kind}.md)\n\n").expect("text grows");
        for path in &cases {
            let title = title(path);
            writeln!(index, "- [{title}](errors/{kind}.md#{})", title.replace(' ', "-")).expect("text grows");
        }
        let sections: String = cases.iter().map(|path| section(path)).collect();
        pages.push((
            format!("errors/{kind}.md"),
            format!("# {chapter}\n\n[All kinds](../errors.md)\n{sections}"),
        ));
    }
    index.push_str(
        "\n## [Electrical rules](errors/rules.md)\n\nWhat only a whole design can tell, by code.\n",
    );
    pages.push(("errors/rules.md".into(), rules()));
    pages.insert(0, ("errors.md".into(), index));
    pages
}

/// The rules of the electrical check, as a table.
fn rules() -> String {
    let row = |rule: &erc::Rule| {
        format!("| `{}` | {} | {} | {} |\n", rule.code, rule.level.name(), rule.text, rule.help)
    };
    let rows: String = erc::rules().map(row).collect();
    format!(
        "# Electrical rules\n\n[All kinds](../errors.md)\n\n\
         Levels can be set by code, limits by `erc::Config::limits`; see [the guide](../guide.md).\n\n\
         | code | level | rule | cure |\n| --- | --- | --- | --- |\n{rows}"
    )
}

#[test]
fn the_pages_are_those_of_the_suite() {
    for (name, page) in pages() {
        let path = Path::new("../docs").join(&name);
        if std::env::var_os("MEMLOOM_BLESS").is_some() {
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the page");
            fs::write(&path, &page).expect("the page is written");
        }
        assert_eq!(read(&path), page, "run with MEMLOOM_BLESS=1 to rewrite docs/{name}");
    }
}

#[test]
fn the_suite_is_whole() {
    let count: usize = CHAPTERS.iter().map(|(kind, _)| cases(kind).len()).sum();
    assert!(count >= 80, "{count} cases");
    let folders = fs::read_dir("tests/ui").expect("the suite").count();
    assert_eq!(folders, CHAPTERS.len() + 1, "every folder but `pass` is a chapter");
}
