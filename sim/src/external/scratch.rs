//! Folders of work that leave nothing behind.

use super::cleanup::{Noted, Trace, noted};
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use tempfile::{Builder, TempDir};

const PREFIX: &str = ".memloom-";
const SUFFIX: &str = ".work";
/// Letters and digits between the two.
const RANDOM: usize = 10;
/// Permissions: the owner's alone.
const PRIVATE: u32 = 0o700;

/// A temporary folder. It is removed when this is dropped, and by [`clean_up`](super::clean_up). One of a process that
/// was killed is removed when the next one is made beside it: its owner's lock went with it.
#[derive(Debug)]
pub struct Scratch {
    // Dropped in this order: the lock outlives the folder.
    folder: TempDir,
    _noted: Noted,
    _lock: File,
}

impl Scratch {
    /// Makes one in the system's directory for temporary files.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new() -> io::Result<Self> {
        Self::new_in(&std::env::temp_dir())
    }

    /// Makes one in `parent`.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn new_in(parent: &Path) -> io::Result<Self> {
        remove_abandoned(parent);
        loop {
            let (folder, noted) = noted(|| {
                let folder = Builder::new()
                    .prefix(PREFIX)
                    .rand_bytes(RANDOM)
                    .suffix(SUFFIX)
                    .permissions(fs::Permissions::from_mode(PRIVATE))
                    .tempdir_in(parent)?;
                let trace = Trace::Folder(folder.path().into());
                Ok((folder, trace))
            })?;
            let Some(lock) = lock(folder.path())? else { continue };
            return Ok(Self { folder, _noted: noted, _lock: lock });
        }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Locks `folder`, just made. `None` when another process took it for an abandoned one in between.
fn lock(folder: &Path) -> io::Result<Option<File>> {
    let Ok(file) = File::open(folder) else { return Ok(None) };
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(None),
        // A file system without locks: nobody else gets one either, so nobody removes the folder.
        Err(TryLockError::Error(_)) => Ok(Some(file)),
        Ok(()) => {
            let same = fs::metadata(folder)
                .is_ok_and(|found| file.metadata().is_ok_and(|own| own.ino() == found.ino()));
            Ok(same.then_some(file))
        }
    }
}

/// Removes the folders in `parent` whose owners are gone. What cannot be removed is no reason not to work.
fn remove_abandoned(parent: &Path) {
    for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(is_own_name);
        if ours && entry.metadata().is_ok_and(|found| is_own_folder(&found)) {
            remove_if_abandoned(&entry.path());
        }
    }
}

/// Whether it is a name that [`Scratch`] makes up.
fn is_own_name(name: &str) -> bool {
    let random = name.strip_prefix(PREFIX).and_then(|name| name.strip_suffix(SUFFIX));
    random.is_some_and(|r| r.len() == RANDOM && r.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Whether it is a folder, and no link, that the user who runs this has for himself: others' are left alone.
fn is_own_folder(found: &fs::Metadata) -> bool {
    let private = found.mode() & 0o777 == PRIVATE;
    found.is_dir() && private && found.uid() == rustix::process::geteuid().as_raw()
}

fn remove_if_abandoned(folder: &Path) {
    let Ok(file) = File::open(folder) else { return };
    if file.try_lock().is_ok() {
        let _ = fs::remove_dir_all(folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_with_its_owner_and_an_abandoned_one_with_the_next() {
        let parent = tempfile::tempdir().unwrap();
        let count = || fs::read_dir(parent.path()).unwrap().count();
        let first = Scratch::new_in(parent.path()).unwrap();
        fs::write(first.path().join("file"), "x").unwrap();
        let second = Scratch::new_in(parent.path()).unwrap();
        assert!(first.path().join("file").exists(), "its owner lives");
        drop((first, second));
        assert_eq!(count(), 0);

        let private = |path: &Path| fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
        let abandoned = parent.path().join(".memloom-0123456789.work");
        let names = [
            "memloom-thesis.work",
            ".memloom-thesis.work",
            ".memloom-abcdefghij.work",
            ".memloom-file345678.work",
        ];
        let foreign = names.map(|name| parent.path().join(name));
        fs::create_dir_all(abandoned.join("deep")).unwrap();
        private(&abandoned);
        // Other names, and one of the right name that others may read.
        foreign[..3].iter().for_each(|path| fs::create_dir(path).unwrap());
        foreign[..2].iter().for_each(|path| private(path));
        fs::write(&foreign[3], "no folder").unwrap();
        let target = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(target.path(), parent.path().join(".memloom-link345678.work")).unwrap();
        let third = Scratch::new_in(parent.path()).unwrap();
        assert!(!abandoned.exists());
        assert!(foreign.iter().all(|path| path.exists()) && target.path().exists());
        assert_eq!(count(), 6, "four foreign ones, a link and {}", third.path().display());
    }

    #[test]
    fn many_at_once_do_not_take_each_other_for_abandoned() {
        let parent = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..50 {
                        let scratch = Scratch::new_in(parent.path()).unwrap();
                        fs::write(scratch.path().join("file"), "x").unwrap();
                    }
                });
            }
        });
        assert_eq!(fs::read_dir(parent.path()).unwrap().count(), 0);
    }
}
