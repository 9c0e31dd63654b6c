//! Finished work on disk, a line each, so that what was stopped goes on where it was.
//!
//! A journal is a text file of JSON lines. The first is the key: all that the work depends on. A journal of another
//! key is refused, with what differs, and so is any other file; neither is changed. Each line carries a hash of itself
//! and of the lines before it, so that one that was edited, moved or removed is found out. A last line that was cut off
//! by the end of the program is dropped. One process at a time has a journal open.

mod difference;
mod line;

use crate::output::place::Place;
use crate::{Result, interrupt};
use line::{Chain, MARK};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

/// Longest journal that is read, bytes.
const LONGEST: u64 = 1 << 31;

/// A journal of entries of type `T`, open for more.
pub struct Journal<T> {
    path: PathBuf,
    file: File,
    chain: Chain,
    of: PhantomData<T>,
}

impl<T: Serialize + DeserializeOwned> Journal<T> {
    /// Opens the journal of work of that `key` at `path`, or starts it; gives the entries that it holds. `check` says
    /// what is wrong with an entry: it sees them in order.
    ///
    /// A file that does not exist yet or is empty becomes a journal.
    ///
    /// # Errors
    /// If the file cannot be read or written, or another process has it open, or it is no journal, or one of another
    /// key, or holds a line that is damaged or that `check` refuses. It is left as it is then.
    pub fn open(
        path: &Path,
        key: &Value,
        mut check: impl FnMut(&T) -> std::result::Result<(), String>,
    ) -> Result<(Self, Vec<T>)> {
        let mut file = opened(path)?;
        let text = content(path, &mut file)?;
        let mut chain = Chain::default();
        let head = chain.line(&Head { memloom: VERSION, key })?;
        let started = !text.is_empty() && !head.starts_with(&text);
        let (mut entries, mut whole) = (Vec::new(), 0);
        if started {
            (entries, whole) = read(path, &text, key, &mut chain, &mut check)?;
        } else if !text.is_empty() && !text.starts_with(MARK.as_bytes()) {
            return Err(no_journal(path));
        }
        // What was cut off goes; the next entry starts a line of its own.
        let fail = |e: std::io::Error| format!("journal `{}`: {e}", path.display());
        file.set_len(whole).map_err(fail)?;
        file.seek(SeekFrom::End(0)).map_err(fail)?;
        let mut journal = Self { path: path.into(), file, chain, of: PhantomData };
        if !started {
            journal.write(&head)?;
        }
        Ok((journal, entries))
    }

    /// Adds an entry; it is on disk when this returns.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, entry: &T) -> Result<()> {
        let line = self.chain.line(entry)?;
        self.write(&line)
    }

    fn write(&mut self, line: &[u8]) -> Result<()> {
        let write = || self.file.write_all(line).and_then(|()| self.file.sync_data());
        let written = interrupt::hold(write);
        Ok(written.map_err(|e| format!("journal `{}` cannot be written: {e}", self.path.display()))?)
    }
}

/// Settles, before any work, that `path` can be a journal: nothing is there, or an empty file, or what begins as a journal.
/// Whether it is one of the very work shows when it is opened.
///
/// # Errors
/// If the path leads nowhere or to something else.
pub fn settle(path: &Path) -> Result<()> {
    let place = Place::of_file(path)?;
    let fail = |e: std::io::Error| format!("journal `{}`: {e}", path.display());
    let mut head = Vec::new();
    match File::open(&place.real) {
        Ok(file) => file.take(MARK.len() as u64).read_to_end(&mut head).map_err(fail)?,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(fail(e).into()),
    };
    if MARK.as_bytes().starts_with(&head) { Ok(()) } else { Err(no_journal(path)) }
}

/// The first line: what the work is.
#[derive(Serialize)]
struct Head<'a> {
    memloom: &'a str,
    key: &'a Value,
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The file at `path`, made if there is none, for this process alone.
fn opened(path: &Path) -> Result<File> {
    let name = path.display();
    if path.exists() && !path.is_file() {
        return Err(format!("journal `{name}` is no file; give a file of its own").into());
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)
            .map_err(|e| format!("folder `{}` cannot be made: {e}", folder.display()))?;
    }
    let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let file = options
        .map_err(|e| format!("journal `{name}` cannot be opened: {e}; give a file that can be written"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(format!(
            "journal `{name}` is open in another process, which does this work already; wait for it, or give another \
             file"
        )
        .into()),
        Err(TryLockError::Error(e)) => Err(format!(
            "journal `{name}` cannot be locked against a second process: {e}; give a file on a local disk"
        )
        .into()),
    }
}

/// All of the file.
fn content(path: &Path, file: &mut File) -> Result<Vec<u8>> {
    let fail = |e: std::io::Error| format!("journal `{}`: {e}", path.display());
    let length = file.metadata().map_err(fail)?.len();
    if length > LONGEST {
        let name = path.display();
        return Err(format!("journal `{name}` has {length} bytes, more than the {LONGEST} that are read; remove it to start over, with fewer chips or points").into());
    }
    let mut text = Vec::with_capacity(length as usize);
    file.take(LONGEST).read_to_end(&mut text).map_err(fail)?;
    Ok(text)
}

fn no_journal(path: &Path) -> crate::Error {
    let name = path.display();
    format!("`{name}` is no journal of this version of memloom's, and is left as it is; give another file")
        .into()
}

/// The entries of a journal, and how many bytes of it are whole lines; `chain` goes on behind the last of them.
fn read<T: DeserializeOwned>(
    path: &Path,
    text: &[u8],
    key: &Value,
    chain: &mut Chain,
    check: &mut impl FnMut(&T) -> std::result::Result<(), String>,
) -> Result<(Vec<T>, u64)> {
    if !text.starts_with(MARK.as_bytes()) {
        return Err(no_journal(path));
    }
    let mut lines = text.split_inclusive(|byte| *byte == b'\n').filter(|line| line.ends_with(b"\n"));
    *chain = Chain::default();
    let Some((head, mut whole)) = lines.next().map(|line| (chain.read(line), line.len())) else {
        return Err(no_journal(path));
    };
    check_head(path, &damaged(path, 1, head)?, key)?;
    let mut entries = Vec::new();
    for (at, line) in lines.enumerate() {
        let number = at + 2;
        let value = damaged(path, number, chain.read(line))?;
        let entry = serde_json::from_value(value).map_err(|e| e.to_string());
        let entry = damaged(path, number, entry.and_then(|entry| check(&entry).map(|()| entry)))?;
        entries.push(entry);
        whole += line.len();
    }
    Ok((entries, whole as u64))
}

/// An error with the place of the line.
fn damaged<T>(path: &Path, number: usize, found: std::result::Result<T, String>) -> Result<T> {
    let place = |what| {
        let name = path.display();
        format!("journal `{name}`, line {number}: {what}; remove the file to start over, or give another")
    };
    Ok(found.map_err(place)?)
}

/// Refuses a journal of another version or of another key.
fn check_head(path: &Path, head: &Value, key: &Value) -> Result<()> {
    let now = serde_json::json!({ "memloom": VERSION, "key": key });
    match difference::text(head, &now) {
        None => Ok(()),
        Some(what) => Err(format!(
            "journal `{}` holds other work: {what}; give another file, or remove it to start over",
            path.display()
        )
        .into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    type Opened<T> = Result<(Journal<T>, Vec<T>)>;

    fn open<T: Serialize + DeserializeOwned>(path: &Path, key: &Value) -> Opened<T> {
        Journal::open(path, key, |_| Ok(()))
    }

    fn refused(path: &Path, key: &Value) -> String {
        let before = std::fs::read(path).unwrap();
        let check = |entry: &Vec<u32>| match entry.len() {
            0 => Err("it is empty".to_owned()),
            _ => Ok(()),
        };
        let error = Journal::open(path, key, check).err().expect("refused").to_string();
        assert_eq!(std::fs::read(path).unwrap(), before, "left as it was: {error}");
        error
    }

    fn said(path: &Path, key: &Value) -> String {
        open::<u32>(path, key).err().expect("refused").to_string()
    }

    /// A journal of three entries, and its lines.
    fn sample(path: &Path, key: &Value) -> Vec<Vec<u8>> {
        let (mut journal, _) = open(path, key).unwrap();
        for entry in [vec![1, 2], vec![3], vec![4]] {
            journal.add(&entry).unwrap();
        }
        std::fs::read(path).unwrap().split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
    }

    #[test]
    fn a_journal_goes_on_where_it_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("journal"), json!({ "of": "this" }));
        let whole = sample(&path, &key).concat();
        for cut in (0..=whole.len()).filter(|cut| *cut == 0 || *cut >= MARK.len()) {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let (mut journal, mut entries) = open::<Vec<u32>>(&path, &key).unwrap();
            for entry in [vec![1, 2], vec![3], vec![4]].into_iter().skip(entries.len()) {
                journal.add(&entry).unwrap();
                entries.push(entry);
            }
            assert_eq!(entries, [vec![1, 2], vec![3], vec![4]]);
            assert_eq!(std::fs::read(&path).unwrap(), whole, "cut at {cut}");
        }
    }

    #[test]
    fn other_files_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes");
        let key = json!({ "of": "this" });
        for text in
            ["label,pixels\n", "one line without its end", "{", "{\"memloom\":", "{\"a\": 1}\n", "\n", "\0\0"]
        {
            std::fs::write(&path, text).unwrap();
            assert!(refused(&path, &key).contains("is no journal"), "{text}");
        }
        assert!(said(folder.path(), &key).contains("is no file"));
    }

    #[test]
    fn what_differs_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        sample(&path, &json!({ "net": { "residual": true, "stride": 1 }, "images": 3 }));
        let message = refused(&path, &json!({ "net": { "residual": false, "stride": 1 }, "images": 3 }));
        assert!(message.contains("`net.residual` is true in the journal, false now"), "{message}");
    }

    #[test]
    fn damaged_lines_are_found() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("journal"), json!({ "of": "this" }));
        let lines = sample(&path, &key);
        let edited = String::from_utf8(lines.concat()).unwrap().replace("[3]", "[5]");
        std::fs::write(&path, edited).unwrap();
        assert!(refused(&path, &key).contains("line 3: it was changed"), "{}", refused(&path, &key));
        for (order, wrong) in [(&[0, 2, 3][..], 2), (&[0, 1, 1], 3), (&[0, 1, 3], 3), (&[0, 2, 1, 3], 2)] {
            std::fs::write(&path, order.iter().flat_map(|k| lines[*k].clone()).collect::<Vec<_>>()).unwrap();
            assert!(refused(&path, &key).contains(&format!("line {wrong}: it was changed")), "{order:?}");
        }
    }

    #[test]
    fn entries_are_checked() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("journal"), json!(1));
        let (mut journal, _) = open::<Vec<u32>>(&path, &key).unwrap();
        journal.add(&vec![1]).unwrap();
        journal.add(&vec![]).unwrap();
        drop(journal);
        assert!(refused(&path, &key).contains("line 3: it is empty"));
        let (mut journal, _) = open::<Value>(&path, &key).unwrap();
        journal.add(&json!("three")).unwrap();
        drop(journal);
        let message = Journal::<Vec<u32>>::open(&path, &key, |_| Ok(())).err().expect("refused").to_string();
        assert!(message.contains("line 4: invalid type"), "{message}");
    }

    #[test]
    fn one_process_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("journal"), json!(1));
        let first = open::<u32>(&path, &key).unwrap();
        assert!(said(&path, &key).contains("open in another process"));
        drop(first);
        assert!(open::<u32>(&path, &key).is_ok());
    }
}
