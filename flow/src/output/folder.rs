//! Output that is whole or not there.

use crate::Result;
use crate::interrupt::{Guard, hold};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::{Builder, TempDir};

/// The file that marks a finished build.
pub const MANIFEST: &str = "manifest.json";

/// A folder being filled beside the one it will become. An interrupted program removes it.
pub struct Staging {
    folder: TempDir,
    target: PathBuf,
    _unfinished: Guard,
}

impl Staging {
    /// Starts one for `target`. Refuses a target that is a file, or a folder with anything but an earlier build in it.
    ///
    /// # Errors
    /// If the target is refused or cannot be made.
    pub fn new(target: &Path) -> Result<Self> {
        let fail = |what: &str| format!("output folder `{}` {what}", target.display());
        match fs::metadata(target) {
            Ok(found) if !found.is_dir() => return Err(fail("is a file; give a folder").into()),
            Ok(_) if !replaceable(target)? => {
                return Err(fail("holds something other than a build; give an empty or a new folder").into());
            }
            _ => {}
        }
        let parent = match target.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let cannot =
            |e: std::io::Error| fail(&format!("cannot be made: {e}; give a folder that can be written"));
        fs::create_dir_all(parent).map_err(cannot)?;
        let name = format!(".{}.", target.file_name().unwrap_or_default().to_string_lossy());
        hold(|| {
            let folder = Builder::new().prefix(&name).suffix(".part").tempdir_in(parent).map_err(cannot)?;
            let unfinished = Guard::new(folder.path());
            Ok(Self { folder, target: target.into(), _unfinished: unfinished })
        })
    }

    /// The folder to fill.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts the folder in the target's place.
    ///
    /// # Errors
    /// If the disk refuses.
    pub fn finish(self) -> Result<()> {
        hold(|| self.put())
    }

    fn put(self) -> Result<()> {
        let fail = |e: std::io::Error| {
            format!("output folder `{}` cannot be put in place: {e}", self.target.display())
        };
        make_readable(self.folder.path()).map_err(fail)?;
        if self.target.exists() {
            // The old build goes aside first: a folder cannot be renamed onto one that is not empty.
            let aside = self.folder.path().with_extension("old");
            fs::rename(&self.target, &aside).map_err(fail)?;
            fs::rename(self.folder.path(), &self.target).map_err(fail)?;
            fs::remove_dir_all(&aside).map_err(fail)?;
        } else {
            fs::rename(self.folder.path(), &self.target).map_err(fail)?;
        }
        // Nothing is left where the temporary folder was.
        let _ = self.folder.keep();
        Ok(())
    }
}

/// Whether `folder` is empty or an earlier build.
fn replaceable(folder: &Path) -> Result<bool> {
    let cannot = |e| format!("output folder `{}` cannot be read: {e}", folder.display());
    Ok(folder.join(MANIFEST).is_file() || fs::read_dir(folder).map_err(cannot)?.next().is_none())
}

/// Temporary folders are private; a build is not.
#[cfg(unix)]
fn make_readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
