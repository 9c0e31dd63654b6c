//! What is tidied up when the program is told to stop.
//!
//! Simulators and their folders are known to [`memloom_sim::external`]; [`Guard`]s name what else an interrupt removes.

use crate::Result;
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use signal_hook::iterator::Signals;
use std::collections::BTreeMap;
use std::ffi::c_int;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};
use std::thread;

/// Whether a signal has come.
static STOPPING: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// What an interrupt removes, by number.
static UNFINISHED: Mutex<(u64, BTreeMap<u64, PathBuf>)> = Mutex::new((0, BTreeMap::new()));

/// Read by what an interrupt must not cut in two, written by the interrupt.
static HELD: RwLock<()> = RwLock::new(());

/// Has Ctrl-C, SIGTERM and SIGHUP end the program with nothing left behind: simulators are killed, what is unfinished is
/// removed, and the exit code is that of shells, 128 and the signal's number. A second signal ends it at once. A signal
/// that was ignored when the program started stays so, as under `nohup`.
///
/// # Errors
/// If the system refuses the handler.
pub fn install() -> Result<()> {
    let ignored = ignored();
    let is_heard = |signal: &c_int| ignored >> (signal - 1) & 1 == 0;
    let signals: Vec<_> = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(is_heard).collect();
    for &signal in &signals {
        // They run in this order: the first signal finds the flag down, the second up.
        flag::register_conditional_shutdown(signal, code(signal), Arc::clone(&STOPPING))?;
        flag::register(signal, Arc::clone(&STOPPING))?;
    }
    // A write beyond `ulimit -f` is an error, as on a full disk, and not the end of the program.
    flag::register(SIGXFSZ, Arc::default())?;
    let mut signals = Signals::new(signals)?;
    thread::Builder::new().name("signals".into()).spawn(move || {
        if let Some(signal) = signals.forever().next() {
            stop(signal);
        }
    })?;
    Ok(())
}

/// Waits for the end of the program if a signal has come: what fails from then on failed because of it.
pub fn settle() {
    while STOPPING.load(Ordering::SeqCst) {
        thread::park();
    }
}

/// Runs `work` with interrupts held back: they come before or after all of it. Not to be nested.
pub fn hold<T>(work: impl FnOnce() -> T) -> T {
    let _held = HELD.read().unwrap_or_else(PoisonError::into_inner);
    work()
}

/// A file or folder that an interrupt removes while this lives.
///
/// Make both inside one [`hold`], or an interrupt in between leaves the file or folder; the same goes for putting what is
/// finished in its place and dropping the guard.
#[derive(Debug)]
pub struct Guard(u64);

impl Guard {
    /// Has an interrupt remove `path`.
    #[must_use]
    pub fn new(path: &Path) -> Self {
        let mut unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
        unfinished.0 += 1;
        let id = unfinished.0;
        unfinished.1.insert(id, path.into());
        Self(id)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner).1.remove(&self.0);
    }
}

/// Tidies up and ends the program.
fn stop(signal: c_int) -> ! {
    // Kept to the end: nothing that may not be cut in two starts from here on.
    let _held = HELD.write().unwrap_or_else(PoisonError::into_inner);
    memloom_sim::external::clean_up();
    let unfinished = UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner);
    unfinished.1.values().for_each(|path| remove(path));
    // The terminal may be gone; `eprintln` would panic.
    let _ = writeln!(std::io::stderr(), "interrupted");
    std::process::exit(code(signal));
}

/// The exit code of a program that a signal ended, as shells have it.
fn code(signal: c_int) -> c_int {
    128 + signal
}

/// Removes a file or a folder. Other threads may still be adding to it: it takes several tries.
fn remove(path: &Path) {
    (0..100).any(|_| {
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        fs::symlink_metadata(path).is_err()
    });
}

/// The signals that are ignored, bit 0 for signal 1; none where the system does not tell.
fn ignored() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}
