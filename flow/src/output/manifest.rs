//! The list in a folder of memloom's of what it holds.
//!
//! A folder is known again by its `manifest.json`: the version of memloom, the kind of folder, size and SHA-256 of
//! every file, and at its end a hash of its own text.

use crate::Result;
use memloom_codegen::{hex, visible_json};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::fs::{self, DirEntry, File, FileType};
use std::io::{self, Read};
use std::path::Path;

/// The file that marks a finished folder.
pub const MANIFEST: &str = "manifest.json";
/// Longest manifest that is read, bytes.
const LONGEST: u64 = 1 << 26;
/// What stands for the manifest's own hash while that is computed.
const NO_SEAL: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A network's circuit.
    Build,
    /// What a check simulated.
    Check,
    /// Decks that program devices.
    Decks,
    /// What a layout is made from and compared with.
    Layout,
}

impl Kind {
    pub(super) fn what(self) -> &'static str {
        match self {
            Self::Build => "a build",
            Self::Check => "what a check keeps",
            Self::Decks => "decks of `memloom program`",
            Self::Layout => "a hand-over of `memloom layout`",
        }
    }
}

/// A file in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Path below the folder, with `/` between its parts.
    pub path: String,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of its contents, lower-case hex.
    pub sha256: String,
}

/// A manifest; `content` is what it says besides.
#[derive(Serialize)]
struct Manifest<'a, T> {
    memloom: &'static str,
    kind: Kind,
    #[serde(flatten)]
    content: &'a T,
    files: &'a [Listed],
    seal: &'a str,
}

/// What is read of one.
#[derive(Deserialize)]
struct Found {
    #[serde(rename = "memloom")]
    _memloom: String,
    kind: Kind,
    files: Vec<Listed>,
    seal: String,
}

/// The text of a manifest.
pub(super) fn text(kind: Kind, content: &impl Serialize, files: &[Listed]) -> Result<String> {
    let manifest = Manifest { memloom: env!("CARGO_PKG_VERSION"), kind, content, files, seal: NO_SEAL };
    let text = visible_json(&serde_json::to_string_pretty(&manifest)?).into_owned() + "\n";
    let seal = hex(Sha256::digest(&text));
    Ok(resealed(&text, NO_SEAL, &seal))
}

/// The text with the seal at its end changed.
fn resealed(text: &str, from: &str, to: &str) -> String {
    match text.rsplit_once(from) {
        Some((before, after)) => format!("{before}{to}{after}"),
        None => text.to_owned(),
    }
}

/// The files that `folder` lists, if its manifest is one of `kind` as memloom wrote it.
fn listed(folder: &Path, kind: Kind) -> io::Result<Option<Vec<Listed>>> {
    let path = folder.join(MANIFEST);
    if !fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() <= LONGEST) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LONGEST).read_to_end(&mut bytes)?;
    let Ok(text) = String::from_utf8(bytes) else { return Ok(None) };
    let found = serde_json::from_str::<Found>(&text).ok().filter(|found| found.kind == kind);
    let whole = |found: &Found| {
        found.seal.len() == NO_SEAL.len()
            && hex(Sha256::digest(resealed(&text, &found.seal, NO_SEAL))) == found.seal
    };
    Ok(found.filter(whole).map(|found| found.files))
}

/// What is in `folder` and was not put there by memloom as a folder of `kind`, or was changed since: names in
/// backticks, sorted. Everything, if the folder is no such folder.
pub(super) fn foreign(folder: &Path, kind: Kind) -> io::Result<Vec<String>> {
    let mut walk =
        Walk { listed: HashMap::new(), folders: HashSet::new(), same: Vec::new(), foreign: Vec::new() };
    let files = listed(folder, kind)?;
    let whole = files.is_some();
    for file in files.unwrap_or_default() {
        let above = file.path.match_indices('/').map(|(at, _)| file.path[..at].to_owned());
        walk.folders.extend(above);
        walk.listed.insert(file.path.clone(), file);
    }
    walk.folder(folder, "", whole)?;
    let changed = |file: &&Listed| -> Option<io::Result<String>> {
        match hash(&folder.join(&file.path)) {
            Ok((.., sha256)) if sha256 == file.sha256 => None,
            Ok(_) => Some(Ok(format!("{} (changed)", quoted(&file.path)))),
            Err(error) => Some(Err(error)),
        }
    };
    let same: Vec<&Listed> = walk.same.iter().filter_map(|path| walk.listed.get(path)).collect();
    let changed: Vec<String> = same.par_iter().filter_map(changed).collect::<io::Result<_>>()?;
    let mut foreign = walk.foreign;
    foreign.extend(changed);
    foreign.sort_unstable();
    Ok(foreign)
}

/// A walk through a folder with a list of what should be in it.
struct Walk {
    listed: HashMap<String, Listed>,
    /// The folders above what is listed.
    folders: HashSet<String>,
    /// Files of the right size, whose hash is still to be compared.
    same: Vec<String>,
    foreign: Vec<String>,
}

impl Walk {
    /// Looks at what is in `folder`, whose path in the list begins with `prefix`. `top` if a manifest belongs there.
    fn folder(&mut self, folder: &Path, prefix: &str, top: bool) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let (name, kind) = (entry.file_name(), entry.file_type()?);
            let path = format!("{prefix}{}", name.to_string_lossy());
            if name.to_str().is_none() {
                self.foreign.push(quoted(&path));
            } else if kind.is_dir() && self.folders.contains(&path) {
                self.folder(&entry.path(), &format!("{path}/"), false)?;
            } else if !(top && path == MANIFEST) {
                self.file(&entry, kind, path)?;
            }
        }
        Ok(())
    }

    fn file(&mut self, entry: &DirEntry, kind: FileType, path: String) -> io::Result<()> {
        match self.listed.get(&path) {
            Some(file) if kind.is_file() && entry.metadata()?.len() == file.bytes => self.same.push(path),
            Some(_) => self.foreign.push(format!("{} (changed)", quoted(&path))),
            None if kind.is_dir() => self.foreign.push(quoted(&format!("{path}/"))),
            None => self.foreign.push(quoted(&path)),
        }
        Ok(())
    }
}

/// A stranger's name as it may stand on a terminal.
fn quoted(path: &str) -> String {
    format!("`{}`", path.escape_debug())
}

/// Every file below `folder` with its hash, by path.
pub(super) fn hashed(folder: &Path) -> io::Result<Vec<Listed>> {
    let mut paths = Vec::new();
    collect(folder, "", &mut paths)?;
    paths.sort_unstable();
    let list = |path: String| {
        let (bytes, sha256) = hash(&folder.join(&path))?;
        Ok(Listed { path, bytes, sha256 })
    };
    paths.into_par_iter().map(list).collect()
}

fn collect(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => collect(&entry.path(), &format!("{path}/"), paths)?,
            false => paths.push(path),
        }
    }
    Ok(())
}

/// Size and SHA-256 of a file.
fn hash(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut hash) = (File::open(path)?, Sha256::new());
    let mut buffer = vec![0; 1 << 17];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok((bytes, hex(hash.finalize()))),
            read => {
                hash.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}
