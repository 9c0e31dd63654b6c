//! A file that is whole or not there.

use super::mark::Mark;
use super::place::Place;
use super::temporary;
use crate::Result;
use std::fs::{self, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// A file to be written.
#[derive(Debug)]
pub struct Target {
    place: Place,
    mark: Mark,
    force: bool,
}

impl Target {
    /// Settles that `path` can be written, and that a file there is one that `mark` tells as memloom's, or an empty
    /// one; with `force` any file may be there. A link is followed.
    ///
    /// # Errors
    /// If the path leads nowhere, to a folder, or to a file that must not be replaced.
    pub fn new(path: &Path, mark: Mark, force: bool) -> Result<Self> {
        let target = Self { place: Place::of_file(path)?, mark, force };
        target.replaced()?;
        temporary::clean(&target.place);
        Ok(target)
    }

    /// Writes the file: after that it holds `bytes`, or is as it was. A file that is replaced keeps its permissions.
    ///
    /// # Errors
    /// If the disk refuses, or a file is there by now that must not be replaced.
    pub fn write(&self, bytes: &[u8]) -> Result<()> {
        let fail = |error: io::Error| {
            let path = self.place.given.display();
            format!("cannot write `{path}`: {error}; free some space or choose another folder")
        };
        let (mut part, _unfinished) = temporary::file(&self.place).map_err(fail)?;
        part.write_all(bytes).and_then(|()| part.as_file().sync_data()).map_err(fail)?;
        fs::create_dir_all(self.place.real.parent().unwrap_or(&self.place.near)).map_err(fail)?;
        loop {
            let Some(permissions) = self.replaced()? else {
                match part.persist_noclobber(&self.place.real) {
                    Ok(_) => break,
                    // Somebody wrote one in between: look whose it is.
                    Err(error) if error.error.kind() == ErrorKind::AlreadyExists => part = error.file,
                    Err(error) => return Err(fail(error.error).into()),
                }
                continue;
            };
            part.as_file().set_permissions(permissions).map_err(fail)?;
            part.persist(&self.place.real).map_err(|error| fail(error.error))?;
            break;
        }
        temporary::sync(&self.place.near);
        Ok(())
    }

    /// The permissions of the file that is to be replaced, if there is one.
    fn replaced(&self) -> Result<Option<Permissions>> {
        let (path, mark) = (&self.place.real, &self.mark);
        let fail = |what: String| format!("output file `{}` {what}", self.place.given.display());
        let found = match fs::symlink_metadata(path) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(fail(format!("cannot be reached: {error}; give another path")).into()),
        };
        if !found.is_file() {
            return Err(fail("is no regular file; give another path".into()).into());
        }
        if found.permissions().readonly() {
            return Err(fail("is read-only; make it writable, or give another path".into()).into());
        }
        let cannot = |error| fail(format!("cannot be read: {error}; give another path"));
        if !self.force && found.len() > 0 && !mark.is_on(path).map_err(cannot)? {
            let by = mark.by();
            return Err(fail(format!(
                "is there and was not written by `{by}`; give another path, or `--force` to replace it"
            ))
            .into());
        }
        Ok(Some(found.permissions()))
    }
}

/// Checks that no two outputs are one file.
///
/// # Errors
/// Names the second of two that are.
pub fn distinct<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Result<()> {
    let mut seen = Vec::new();
    for Target { place, .. } in targets {
        if seen.contains(&&place.real) {
            return Err(format!(
                "output file `{}` is to be written twice; give each a path of its own",
                place.given.display()
            )
            .into());
        }
        seen.push(&place.real);
    }
    Ok(())
}
