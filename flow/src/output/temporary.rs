//! Files and folders that are not whole yet.
//!
//! They stand beside their place under the name `.NAME.memloom-RANDOM.part`, and are locked as long as their process
//! lives: the kernel drops the lock however a process ends, so that what is not locked can be removed.

use super::place::Place;
use crate::interrupt::{Guard, hold};
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Permissions, TryLockError};
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::{Builder, NamedTempFile, TempDir};

/// The end of the name of what is being filled.
const PART: &str = ".part";
/// The end of the name of an earlier folder that makes room for the new one.
const OLD: &str = ".old";

/// Letters and digits that make a name unique.
const RANDOM: usize = 6;
/// Most of a place's own name that stands in a temporary one, bytes.
const LONGEST_NAME: usize = 200;

/// A new folder beside `place`, with its lock. An interrupted program removes it.
pub(super) fn folder(place: &Place) -> io::Result<(TempDir, File, Guard)> {
    let make = || {
        Builder::new()
            .prefix(&prefix(place))
            .rand_bytes(RANDOM)
            .suffix(PART)
            .permissions(mode(0o777))
            .tempdir_in(&place.near)
    };
    loop {
        let (folder, guard) = hold(|| {
            let folder = make()?;
            let guard = Guard::new(folder.path());
            Ok::<_, io::Error>((folder, guard))
        })?;
        match File::open(folder.path()) {
            Ok(handle) if owned(&handle, folder.path()) => return Ok((folder, handle, guard)),
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
            // Taken for a dead one's before it was locked.
            _ => {}
        }
    }
}

/// A new file beside `place`, locked. An interrupted program removes it.
pub(super) fn file(place: &Place) -> io::Result<(NamedTempFile, Guard)> {
    let make = || {
        Builder::new()
            .prefix(&prefix(place))
            .rand_bytes(RANDOM)
            .suffix(PART)
            .permissions(mode(0o666))
            .tempfile_in(&place.near)
    };
    loop {
        let (file, guard) = hold(|| {
            let file = make()?;
            let guard = Guard::new(file.path());
            Ok::<_, io::Error>((file, guard))
        })?;
        if owned(file.as_file(), file.path()) {
            return Ok((file, guard));
        }
    }
}

/// A name for an earlier folder at `place` while the new one is put there.
pub(super) fn aside(place: &Place, folder: &Path) -> PathBuf {
    place.near.join(folder.with_extension(&OLD[1..]).file_name().unwrap_or_default())
}

/// Removes what dead processes left beside `place`. An earlier folder that was moved aside and not replaced is put
/// back. What cannot be removed does no harm, and is tried again next time.
pub(super) fn clean(place: &Place) {
    let prefix = prefix(place);
    let Ok(entries) = fs::read_dir(&place.near) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ends = |end: &str| name.as_encoded_bytes().ends_with(end.as_bytes());
        let random = |end: &str| {
            let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
            let random = rest.and_then(|rest| rest.strip_suffix(end.as_bytes()));
            random.is_some_and(|r| r.len() == RANDOM && r.iter().all(u8::is_ascii_alphanumeric))
        };
        let ours = random(PART) || random(OLD);
        // Links, pipes and the like are never memloom's.
        let Some(kind) = entry.file_type().ok().filter(|kind| ours && (kind.is_dir() || kind.is_file()))
        else {
            continue;
        };
        let path = entry.path();
        // Held until it is gone, so that nobody takes it for his.
        let Ok(handle) = File::open(&path) else { continue };
        if handle.try_lock().is_err() {
            continue;
        }
        let _ = if ends(OLD) && !place.real.exists() {
            fs::rename(&path, &place.real)
        } else if kind.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
    }
}

/// Has the kernel bring what was done in `folder` to the disk. Not every file system can.
pub(super) fn sync(folder: &Path) {
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

fn prefix(place: &Place) -> OsString {
    let mut prefix = OsString::from(".");
    // File systems take 255 bytes for a name.
    let name = place.name().as_bytes();
    prefix.push(OsStr::from_bytes(&name[..name.len().min(LONGEST_NAME)]));
    prefix.push(".memloom-");
    prefix
}

/// Permissions as of any new file: the system takes the umask off.
fn mode(mode: u32) -> Permissions {
    Permissions::from_mode(mode)
}

/// Locks what was just made; false if another process took it for a dead one's before. Where locks are not supported,
/// nobody takes anything for a dead one's.
fn owned(handle: &File, path: &Path) -> bool {
    !matches!(handle.try_lock(), Err(TryLockError::WouldBlock)) && path.exists()
}
