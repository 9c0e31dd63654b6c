//! Where an output goes, settled before any work.

use crate::Result;
use std::ffi::OsStr;
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// A place for a file or a folder.
#[derive(Debug)]
pub(crate) struct Place {
    /// As the user wrote it, for messages.
    pub(super) given: PathBuf,
    /// The same with links followed, absolute.
    pub(crate) real: PathBuf,
    /// The nearest folder above `real` that is there. Temporary files are made in it: it is on the same file system.
    pub(super) near: PathBuf,
}

impl Place {
    /// The place of a file. Folders above that are missing are made with it.
    pub(crate) fn of_file(given: &Path) -> Result<Self> {
        let place = Self::new("output file", given)?;
        let fail = |what: &str| Err(format!("output file `{}` {what}", given.display()).into());
        match fs::metadata(&place.real) {
            Ok(found) if found.is_dir() => return fail("is a folder; give a file's path"),
            Ok(found) if !found.is_file() => return fail("is no regular file; give another path"),
            _ => {}
        }
        // Leaves no name behind, not even when the program is killed.
        match tempfile::tempfile_in(&place.near) {
            Ok(_) => Ok(place),
            Err(error) => fail(&format!("cannot be made: {error}; give a folder that can be written")),
        }
    }

    /// The place of a folder. Folders above that are missing are made with it.
    pub(super) fn of_folder(given: &Path) -> Result<Self> {
        let place = Self::new("output folder", given)?;
        let refused = match fs::metadata(&place.real) {
            Ok(found) if !found.is_dir() => Some("is a file; give a folder"),
            Ok(found) => place.kept(found.dev()),
            Err(_) => None,
        };
        match refused {
            None => Ok(place),
            Some(why) => Err(format!("output folder `{}` {why}", given.display()).into()),
        }
    }

    fn new(what: &str, given: &Path) -> Result<Self> {
        let fail = |why: String| format!("{what} `{}` {why}", given.display());
        match given.canonicalize() {
            Ok(real) => {
                let near = real
                    .parent()
                    .ok_or_else(|| fail("is the root of all files; give a folder in it".into()))?;
                Ok(Self { given: given.into(), near: near.into(), real })
            }
            Err(error) if absent(&error) => {
                let (near, rest) = nearest(given).map_err(fail)?;
                Ok(Self { given: given.into(), real: near.join(rest), near })
            }
            Err(error) => Err(fail(format!("cannot be reached: {error}; give another path")).into()),
        }
    }

    /// Why the folder that is there cannot be replaced, whatever it holds; `device` is the one it is on.
    fn kept(&self, device: u64) -> Option<&'static str> {
        let holds = |folder: io::Result<PathBuf>| folder.is_ok_and(|folder| folder.starts_with(&self.real));
        let home = std::env::home_dir().filter(|home| home.is_absolute());
        if holds(std::env::current_dir().and_then(|folder| folder.canonicalize())) {
            Some("is the working folder, or holds it; give a folder in it, such as `out`")
        } else if home.is_some_and(|home| holds(home.canonicalize())) {
            Some("is the home folder, or holds it; give a folder in it, such as `out`")
        } else if fs::metadata(&self.near).is_ok_and(|near| near.dev() != device) {
            Some("is where a file system is mounted; give a folder in it, such as `out`")
        } else {
            None
        }
    }

    /// The last part of the path.
    pub(super) fn name(&self) -> &OsStr {
        self.real.file_name().unwrap_or_default()
    }
}

fn absent(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// The nearest folder above a path that leads nowhere, and the way on from it; or what is wrong with the path.
fn nearest(given: &Path) -> std::result::Result<(PathBuf, PathBuf), String> {
    if given.as_os_str().is_empty() {
        return Err("has no name; give one".into());
    }
    for above in given.ancestors().skip(1) {
        let above = if above == Path::new("") { Path::new(".") } else { above };
        let near = match above.canonicalize() {
            Ok(near) if near.is_dir() => near,
            Ok(_) => {
                return Err(format!("cannot be made: `{}` is a file; give another path", above.display()));
            }
            Err(error) if absent(&error) => continue,
            Err(error) => return Err(format!("cannot be reached: {error}; give another path")),
        };
        let rest = given.strip_prefix(above).unwrap_or(given);
        let first = rest.components().next().map(|part| near.join(part)).unwrap_or_default();
        if let Ok(aim) = fs::read_link(&first) {
            let (link, aim) = (first.display(), aim.display());
            return Err(format!(
                "is or goes through the link `{link}` to `{aim}`, which is not there; make it, or remove the link"
            ));
        }
        let plain = rest.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
        return match plain {
            true => Ok((near, rest.components().collect())),
            false => Err(format!(
                "goes through `{}`, which is not there; give a path without `..`",
                first.display()
            )),
        };
    }
    Err("leads nowhere; give another path".into())
}
