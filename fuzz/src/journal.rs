use std::{fs, path::Path};

use memloom_flow::journal::Journal;
use serde_json::{Value, json};

use crate::netlists::folder;

/// Starts a recipe for a journal of ours: what one looks like changes with every version.
const OURS: u8 = b'@';

/// A journal to go on with: it is refused and stays as it is, or every whole line of it stays.
///
/// After `@` one byte says how many entries a journal of ours is to have and one how many bytes are cut off its end; the
/// rest is added to it. All else is taken as it stands.
pub fn journal(bytes: &[u8]) -> bool {
    let folder = folder();
    let path = folder.path().join("journal");
    let head = ours(&path, 0);
    let bytes = match bytes {
        [OURS, entries, cut, tail @ ..] => {
            let mut journal = ours(&path, entries % 4);
            journal.truncate(journal.len().saturating_sub((*cut).into()));
            [journal.as_slice(), tail].concat()
        }
        _ => bytes.to_vec(),
    };
    fs::write(&path, &bytes).expect("a folder of one's own can be written");
    let opened = open(&path);
    let after = fs::read(&path).expect("a file of one's own can be read");
    let Ok((mut journal, entries)) = opened else {
        assert!(after == bytes, "what is refused is left alone");
        return false;
    };
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    assert!(after.starts_with(&bytes[..whole]), "every whole line stays");
    assert!(whole > 0 || head.starts_with(&bytes), "without a whole line it is the beginning of one of ours");
    journal.add(&json!([1, 2.5])).expect("a folder of one's own can be written");
    drop(journal);
    let (_, again) = open(&path).expect("it is one of ours");
    assert_eq!(again.len(), entries.len() + 1, "what was added is there");
    true
}

/// The bytes of a journal of ours with that many entries.
fn ours(path: &Path, entries: u8) -> Vec<u8> {
    let _ = fs::remove_file(path);
    let (mut journal, _) = open(path).expect("a new journal");
    for entry in 0..entries {
        journal.add(&json!({ "image": entry, "logits": [0.1, -2e-5] })).expect("it can be written");
    }
    drop(journal);
    fs::read(path).expect("it is there")
}

fn open(path: &Path) -> memloom_flow::Result<(Journal<Value>, Vec<Value>)> {
    Journal::open(path, &json!({ "command": "fuzz" }), |_| Ok(()))
}
