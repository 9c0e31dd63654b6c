//! The seeds of every target.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A file of the corpus; one that a target must read, not refuse, has a name that starts with `valid`.
pub struct Seed {
    pub path: PathBuf,
    pub bytes: Vec<u8>,
}

impl Seed {
    pub fn is_valid(&self) -> bool {
        self.path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("valid"))
    }
}

/// The corpus of a target, by file name.
pub fn seeds(target: &str) -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let files = fs::read_dir(&folder).unwrap_or_else(|e| panic!("`{}`: {e}", folder.display()));
    let mut paths: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| Seed { bytes: fs::read(&path).unwrap(), path }).collect()
}
