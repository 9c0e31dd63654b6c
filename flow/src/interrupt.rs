//! What is tidied up when the program is told to stop.

use crate::Result;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The folder to remove when the program is interrupted.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Exit code of a program that was interrupted, as shells have it.
const INTERRUPTED: i32 = 130;

/// Has an interrupt remove the unfinished folder before it ends the program.
///
/// # Errors
/// If the system refuses the handler.
pub fn install() -> Result<()> {
    let tidy = || {
        let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(folder) = unfinished {
            // Other threads may still be adding files: try until the folder is gone.
            (0..100).find(|_| fs::remove_dir_all(&folder).is_ok() || !folder.exists());
        }
        eprintln!("interrupted");
        std::process::exit(INTERRUPTED);
    };
    Ok(ctrlc::set_handler(tidy)?)
}

/// Names the folder that an interrupt removes, if there is one.
pub(crate) fn set_unfinished(folder: Option<&Path>) {
    *UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner) = folder.map(PathBuf::from);
}
