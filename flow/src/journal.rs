//! Finished work on disk, a line each, so that what was stopped goes on where it was.
//!
//! A journal is a text file of JSON lines. The first says what the work is; a journal of other work is refused, not
//! overwritten. A line that was cut off by the end of the program is dropped; every other line is whole.

use crate::{Result, interrupt};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

/// Longest journal that is read, bytes.
const LONGEST: u64 = 1 << 30;

/// A journal of entries of type `T`, open for more.
pub struct Journal<T> {
    path: PathBuf,
    file: File,
    of: PhantomData<T>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    memloom: String,
    work: serde_json::Value,
}

impl<T: Serialize + DeserializeOwned> Journal<T> {
    /// Opens the journal of `work` at `path`, or starts it; gives the entries that it holds.
    ///
    /// # Errors
    /// If the file cannot be read or written, or is no journal, or is one of other work.
    pub fn open(path: &Path, work: &serde_json::Value) -> Result<(Self, Vec<T>)> {
        let fail = |e: std::io::Error| format!("journal `{}`: {e}", path.display());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(|e| {
                format!("journal `{}` cannot be opened: {e}; give a file that can be written", path.display())
            })?;
        if file.metadata().map_err(fail)?.len() > LONGEST {
            return Err(format!(
                "journal `{}` is longer than any that memloom writes; give another file",
                path.display()
            )
            .into());
        }
        let (entries, whole) = read(path, &file, work)?;
        // What was cut off goes; the next entry starts a line of its own.
        file.set_len(whole).map_err(fail)?;
        file.seek(SeekFrom::End(0)).map_err(fail)?;
        let mut journal = Self { path: path.into(), file, of: PhantomData };
        if whole == 0 {
            journal.line(&Head { memloom: env!("CARGO_PKG_VERSION").into(), work: work.clone() })?;
        }
        Ok((journal, entries))
    }

    /// Adds an entry; it is on disk when this returns.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, entry: &T) -> Result<()> {
        self.line(entry)
    }

    fn line(&mut self, value: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_string(value)?;
        text.push('\n');
        let written =
            interrupt::hold(|| self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data()));
        Ok(written.map_err(|e| format!("journal `{}` cannot be written: {e}", self.path.display()))?)
    }
}

/// Entries of a journal, and how many bytes of it are whole lines.
fn read<T: DeserializeOwned>(path: &Path, file: &File, work: &serde_json::Value) -> Result<(Vec<T>, u64)> {
    let fail = |line: usize, what: &str| format!("journal `{}`, line {line}: {what}", path.display());
    let mut reader = BufReader::new(file);
    let (mut entries, mut whole, mut number) = (Vec::new(), 0, 0);
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        let length = reader.read_until(b'\n', &mut line).map_err(|e| fail(number, &e.to_string()))?;
        if length == 0 || line.last() != Some(&b'\n') {
            return Ok((entries, whole));
        }
        if number == 1 {
            let head: Head = serde_json::from_slice(&line)
                .map_err(|_| fail(1, "this is no journal of memloom's; give another file"))?;
            if head.memloom != env!("CARGO_PKG_VERSION") || head.work != *work {
                return Err(fail(1, "holds other work; give another file, or remove it to start over").into());
            }
        } else {
            let entry = serde_json::from_slice(&line)
                .map_err(|e| fail(number, &format!("{e}; remove the file to start over")))?;
            entries.push(entry);
        }
        whole += length as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_journal_goes_on_where_it_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let work = json!({ "of": "this" });
        let (mut journal, entries) = Journal::<Vec<u32>>::open(&path, &work).unwrap();
        assert!(entries.is_empty());
        journal.add(&vec![1, 2]).unwrap();
        journal.add(&vec![3]).unwrap();
        drop(journal);
        let whole = std::fs::read(&path).unwrap();
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let (mut journal, mut entries) = Journal::<Vec<u32>>::open(&path, &work).unwrap();
            for entry in [vec![1, 2], vec![3]].into_iter().skip(entries.len()) {
                journal.add(&entry).unwrap();
                entries.push(entry);
            }
            assert_eq!(entries, [vec![1, 2], vec![3]]);
            assert_eq!(std::fs::read(&path).unwrap(), whole, "cut at {cut}");
        }
    }

    #[test]
    fn other_work_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        drop(Journal::<u32>::open(&path, &json!(1)).unwrap());
        let before = std::fs::read(&path).unwrap();
        let said = |work| Journal::<u32>::open(&path, &work).err().expect("refused").to_string();
        assert!(said(json!(2)).contains("holds other work"));
        std::fs::write(&path, "label,pixels\n").unwrap();
        assert!(said(json!(1)).contains("no journal"));
        std::fs::write(&path, [before, b"\"three\"\n".to_vec()].concat()).unwrap();
        assert!(said(json!(1)).contains("line 2"));
    }
}
