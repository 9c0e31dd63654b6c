//! Folders of work that leave nothing behind.

use super::cleanup::{Noted, Trace, note};
use std::fs::{self, File, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use tempfile::{Builder, TempDir};

const PREFIX: &str = "memloom-";
const SUFFIX: &str = ".work";

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
            let folder = Builder::new().prefix(PREFIX).suffix(SUFFIX).tempdir_in(parent)?;
            let Some(lock) = lock(folder.path())? else { continue };
            let noted = note(Trace::Folder(folder.path().into()));
            let noted = noted.ok_or_else(|| io::Error::other("the program is being ended"))?;
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
        let ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if ours && entry.metadata().is_ok_and(|found| is_own_folder(&found)) {
            remove_if_abandoned(&entry.path());
        }
    }
}

/// Whether it is a folder, and no link, of the user who runs this: others' are left alone.
fn is_own_folder(found: &fs::Metadata) -> bool {
    found.is_dir() && found.uid() == rustix::process::geteuid().as_raw()
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

        let abandoned = parent.path().join("memloom-x.work");
        let foreign = ["memloom-x", "x.work", "memloom-file.work"].map(|name| parent.path().join(name));
        fs::create_dir_all(abandoned.join("deep")).unwrap();
        fs::create_dir(&foreign[0]).unwrap();
        fs::create_dir(&foreign[1]).unwrap();
        fs::write(&foreign[2], "no folder").unwrap();
        let target = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(target.path(), parent.path().join("memloom-link.work")).unwrap();
        let third = Scratch::new_in(parent.path()).unwrap();
        assert!(!abandoned.exists());
        assert!(foreign.iter().all(|path| path.exists()) && target.path().exists());
        assert_eq!(count(), 5, "three foreign ones, a link and {}", third.path().display());
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
