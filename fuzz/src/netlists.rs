//! Designs on their way to text.

use std::path::Path;

use memloom::{
    erc::{self, Level},
    ir::Design,
};
use memloom_codegen::{DIALECTS, write_design};
use tempfile::{TempDir, tempdir, tempdir_in};

/// A folder that is gone at the end; in memory where the system has such a place.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempdir_in(memory) } else { tempdir() };
    folder.expect("there is room for a temporary folder")
}

/// Whether the rule check passes `design`; one that it passes is printed in every dialect, or refused.
pub(crate) fn print(design: &Design) -> bool {
    if erc::check(design).iter().any(|finding| finding.level == Level::Error) {
        return false;
    }
    let folder = folder();
    for &dialect in DIALECTS {
        // A dialect may refuse what another can say.
        let _ = write_design(design, &[dialect], folder.path(), &|_| ());
    }
    true
}
