//! A folder that is whole or not there.

use super::manifest::{Kind, Listed, MANIFEST, foreign, hashed, text};
use super::place::Place;
use super::temporary;
use crate::Result;
use crate::interrupt::{Guard, hold};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;
use serde::Serialize;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use tempfile::TempDir;

/// Most foreign files that an error lists.
const LISTED: usize = 10;

/// A folder being filled beside the one it will become. An interrupted program removes it.
pub struct Staging {
    folder: TempDir,
    place: Place,
    kind: Kind,
    /// Shows other processes that this one lives.
    _lock: File,
    _unfinished: Guard,
}

impl Staging {
    /// Starts one for `target`. A folder there must be empty, or an earlier one of `kind` as memloom left it. A link is
    /// followed: what it points to is replaced.
    ///
    /// # Errors
    /// If the target is refused or cannot be made.
    pub fn new(target: &Path, kind: Kind) -> Result<Self> {
        let place = Place::of_folder(target)?;
        temporary::clean(&place);
        check(&place, kind)?;
        let (folder, lock, unfinished) = temporary::folder(&place).map_err(|e| {
            format!(
                "output folder `{}` cannot be made: {e}; give a folder that can be written",
                target.display()
            )
        })?;
        Ok(Self { folder, place, kind, _lock: lock, _unfinished: unfinished })
    }

    /// The folder to fill.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path that the folder will have, as the user wrote it.
    pub fn target(&self) -> &Path {
        &self.place.given
    }

    /// All files in the folder, by path, with their hashes.
    ///
    /// # Errors
    /// If one cannot be read.
    pub fn files(&self) -> Result<Vec<Listed>> {
        let fail = |e| format!("output folder `{}` cannot be read: {e}", self.path().display());
        Ok(hashed(self.path()).map_err(fail)?)
    }

    /// Writes the manifest, of `content` and all `files`, and puts the folder in the target's place; gives the
    /// manifest's text. A folder that is replaced keeps its permissions.
    ///
    /// # Errors
    /// If the disk refuses, or the target holds something else by now.
    pub fn finish(self, content: &impl Serialize, files: &[Listed]) -> Result<String> {
        let given = self.place.given.display().to_string();
        let fail = |what: &str, e: io::Error| {
            format!("cannot write `{given}{what}`: {e}; free some space or choose another folder")
        };
        let text = text(self.kind, content, files)?;
        let path = self.path().join(MANIFEST);
        let written = File::create_new(path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_data()
        });
        written.map_err(|e| fail(&format!("/{MANIFEST}"), e))?;
        temporary::sync(self.path());
        check(&self.place, self.kind)?;
        // What is under the temporary name then, if anything, is the earlier folder: an interrupt removes that.
        hold(|| self.put()).map_err(|e| fail("", e))?;
        let Self { folder, place, kind, .. } = self;
        let old = folder.keep();
        temporary::sync(&place.near);
        [&old, &temporary::aside(&place, &old)].into_iter().try_for_each(|old| discard(old, &place, kind))?;
        Ok(text)
    }

    /// Puts the folder in its place.
    fn put(&self) -> io::Result<()> {
        let (new, target) = (self.folder.path(), &self.place.real);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        if let Ok(earlier) = fs::metadata(target) {
            fs::set_permissions(new, earlier.permissions())?;
        }
        // At no instant is there neither the earlier folder nor the new one.
        match renameat_with(CWD, new, CWD, target, RenameFlags::EXCHANGE) {
            Ok(()) => Ok(()),
            Err(Errno::NOENT | Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
                replace(new, target, &temporary::aside(&self.place, new))
            }
            Err(error) => Err(error.into()),
        }
    }
}

/// Puts the folder `new` at `target`, the one there `aside` first: for file systems that cannot exchange two. Killed in
/// between, it leaves the earlier folder aside; the next run puts that back.
fn replace(new: &Path, target: &Path, aside: &Path) -> io::Result<()> {
    loop {
        // An empty folder is replaced at once.
        match fs::rename(new, target) {
            Err(e) if matches!(e.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {}
            done => return done,
        }
        match fs::rename(target, aside) {
            Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        match fs::rename(new, target) {
            Err(e) if !matches!(e.kind(), ErrorKind::DirectoryNotEmpty | ErrorKind::AlreadyExists) => {
                // The earlier one goes back: there is either it or the new one.
                let _ = fs::rename(aside, target);
                return Err(e);
            }
            Err(_) => {}
            Ok(()) => return Ok(()),
        }
    }
}

/// Removes the earlier folder `old`, if there is one. One that got a file of somebody else's since it was looked at is
/// kept, under a name of its own.
fn discard(old: &Path, place: &Place, kind: Kind) -> Result<()> {
    // What stands under a temporary name and is not locked, another process may clear away at any time. The lock may
    // still be with who wrote the folder, for as long as that tidies up behind an even earlier one.
    let lock = match File::open(old) {
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        // Nobody can look into it. Why it cannot be removed is told.
        Err(_) => return remove(old),
        Ok(lock) => lock,
    };
    let _ = lock.lock();
    if !old.exists() {
        return Ok(());
    }
    match foreign(old, kind) {
        Ok(found) if !found.is_empty() => {}
        _ => return remove(old),
    }
    let name = |k: u32| {
        let mut name = place.name().to_owned();
        name.push(format!(".earlier-{k}"));
        place.near.join(name)
    };
    let kept = (1..).map(name).find(|path| !path.exists()).expect("an endless list");
    fs::rename(old, &kept).map_err(|e| format!("`{}` cannot be kept: {e}", old.display()))?;
    let (given, kept) = (place.given.display(), kept.display());
    Err(format!("`{given}` is written, but the folder that it replaces got files of others meanwhile; it is now `{kept}`").into())
}

/// Removes an earlier folder, if there is one.
fn remove(old: &Path) -> Result<()> {
    match fs::remove_dir_all(old) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(format!(
            "the earlier output is replaced, but `{}` cannot be removed: {e}; remove it",
            old.display()
        )
        .into()),
        _ => Ok(()),
    }
}

/// Checks that what is at `place` may be replaced: nothing, an empty folder, or one of `kind` and nothing else.
fn check(place: &Place, kind: Kind) -> Result<()> {
    let given = place.given.display();
    let mut found = match undisturbed(&place.real, || foreign(&place.real, kind)) {
        Ok(found) if found.is_empty() => return Ok(()),
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
        Ok(found) => found,
        Err(e) => {
            return Err(format!("output folder `{given}` cannot be read: {e}; give another folder").into());
        }
    };
    let more = found.len().saturating_sub(LISTED);
    found.truncate(LISTED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let (what, list) = (kind.what(), found.join(", "));
    Err(format!("output folder `{given}` holds something other than {what}: {list}{more}; give an empty or a new folder").into())
}

/// What `look` finds in `folder`, looked at again if another process put its own there in the meantime.
fn undisturbed<T>(folder: &Path, look: impl Fn() -> io::Result<T>) -> io::Result<T> {
    // A folder that was moved to its place has another inode, or another time of change.
    let state = || fs::metadata(folder).map(|is| (is.dev(), is.ino(), is.ctime(), is.ctime_nsec()));
    loop {
        let before = state()?;
        let found = look();
        if state()? == before {
            return found;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_earlier_folder_that_got_a_file_is_kept() {
        let work = tempfile::tempdir().unwrap();
        let given = work.path().join("out");
        let staging = Staging::new(&given, Kind::Build).unwrap();
        staging.finish(&serde_json::json!({}), &[]).unwrap();
        let old = work.path().join("old");
        fs::rename(&given, &old).unwrap();
        fs::write(old.join("notes"), "mine").unwrap();
        let place = Place::of_folder(&given).unwrap();
        let said = discard(&old, &place, Kind::Build).unwrap_err().to_string();
        assert!(said.contains("out.earlier-1"), "{said}");
        assert_eq!(fs::read_to_string(work.path().join("out.earlier-1/notes")).unwrap(), "mine");
        assert!(!old.exists());
    }

    #[test]
    fn without_an_exchange_the_earlier_folder_goes_aside() {
        let work = tempfile::tempdir().unwrap();
        let [new, target, aside] = ["new", "target", "aside"].map(|name| work.path().join(name));
        for folder in [&new, &target] {
            fs::create_dir(folder).unwrap();
            fs::write(folder.join("which"), folder.file_name().unwrap().as_encoded_bytes()).unwrap();
        }
        replace(&new, &target, &aside).unwrap();
        let which = |folder: &Path| fs::read_to_string(folder.join("which")).unwrap();
        assert_eq!((which(&target).as_str(), which(&aside).as_str()), ("new", "target"));
        // Nothing there, and an empty folder.
        replace(&aside, &new, &target.join("aside")).unwrap();
        fs::create_dir(&aside).unwrap();
        replace(&new, &aside, &target.join("aside")).unwrap();
        assert_eq!((which(&aside).as_str(), new.exists()), ("target", false));
    }
}
