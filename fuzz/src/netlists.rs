//! Designs on their way to text.

use std::path::Path;

use memloom::{
    erc::{self, Level},
    ir::Design,
};
use memloom_codegen::cdl::Cdl;
use memloom_codegen::{DIALECTS, Error, write_design};
use tempfile::{TempDir, tempdir, tempdir_in};

/// A folder that is gone at the end; in memory where the system has such a place.
pub(crate) fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { tempdir_in(memory) } else { tempdir() };
    folder.expect("there is room for a temporary folder")
}

/// Whether the rule check passes `design`; one that it passes is printed in every dialect and as CDL, or refused.
pub(crate) fn print(design: &Design) -> bool {
    if erc::check(design).iter().any(|finding| finding.level == Level::Error) {
        return false;
    }
    let folder = folder();
    for &dialect in DIALECTS {
        // A dialect may refuse what another can say.
        let _ = write_design(design, &[dialect], folder.path(), &|_| ());
    }
    let _ = print_cdl(design);
    true
}

/// Prints `design` as devices.
fn print_cdl(design: &Design) -> Result<(), Error> {
    let cdl = Cdl::new(design)?;
    let mut out = std::io::sink();
    cdl.write_arrays(&mut out)?;
    cdl.write_boxes(&mut out)?;
    cdl.write_network(&mut out, &[])?;
    cdl.write_values(&mut out)
}
