use std::{fs, path::Path, sync::LazyLock};

use memloom_flow::journal::Journal;
use serde_json::{Value, json};

use crate::netlists::folder;

/// Stands for the first line of a journal of ours, which changes with every version.
const HEAD: u8 = b'@';

/// That line.
static FIRST_LINE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = folder();
    let path = folder.path().join("journal");
    drop(open(&path).expect("a new journal"));
    fs::read(&path).expect("it is there")
});

/// A journal to go on with: it is refused and stays as it is, or every whole line of it stays.
pub fn journal(bytes: &[u8]) -> bool {
    let bytes = match bytes.split_first() {
        Some((&HEAD, rest)) => [FIRST_LINE.as_slice(), rest].concat(),
        _ => bytes.to_vec(),
    };
    let folder = folder();
    let path = folder.path().join("journal");
    fs::write(&path, &bytes).expect("a folder of one's own can be written");
    let opened = open(&path);
    let after = fs::read(&path).expect("a file of one's own can be read");
    let Ok((mut journal, entries)) = opened else {
        assert!(after == bytes, "what is refused is left alone");
        return false;
    };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    assert!(after.starts_with(&bytes[..whole]), "every whole line stays");
    journal.add(&json!([1, 2.5])).expect("a folder of one's own can be written");
    drop(journal);
    let (_, again) = open(&path).expect("it is one of ours");
    assert_eq!(again.len(), entries.len() + 1, "what was added is there");
    true
}

fn open(path: &Path) -> memloom_flow::Result<(Journal<Value>, Vec<Value>)> {
    Journal::open(path, &json!({ "command": "fuzz" }))
}
