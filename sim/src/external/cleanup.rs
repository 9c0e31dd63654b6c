//! What must not outlive the process: running simulators and the folders that they work in.

use rustix::process::{Pid, Signal, kill_process_group};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Everything of this process that is to be ended or removed.
static LEFT: Mutex<Left> = Mutex::new(Left { traces: Vec::new(), next: 0, closed: false });

struct Left {
    traces: Vec<(u64, Trace)>,
    next: u64,
    /// Whether the process is about to end and nothing more may start.
    closed: bool,
}

/// What a process would leave behind.
pub(super) enum Trace {
    /// A group of running processes.
    Group(Pid),
    /// A folder and all that is in it.
    Folder(PathBuf),
}

/// Keeps a trace known for as long as it lives.
#[derive(Debug)]
pub(super) struct Noted(u64);

/// Makes something with a trace and has [`clean_up`] see to that, in one step: there is no instant at which the one is
/// there and the other not known.
///
/// # Errors
/// Those of `make`, and when the process is about to end.
pub(super) fn noted<T>(make: impl FnOnce() -> io::Result<(T, Trace)>) -> io::Result<(T, Noted)> {
    let mut left = open()?;
    let (made, trace) = make()?;
    let id = left.next;
    left.next += 1;
    left.traces.push((id, trace));
    Ok((made, Noted(id)))
}

/// Starts something in what is noted already, unless the process is about to end.
///
/// # Errors
/// Those of `start`, and when the process is about to end.
pub(super) fn unless_closed<T>(start: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    let _left = open()?;
    start()
}

fn open() -> io::Result<MutexGuard<'static, Left>> {
    let left = lock();
    if left.closed { Err(io::Error::other("memloom is being ended")) } else { Ok(left) }
}

impl Drop for Noted {
    fn drop(&mut self) {
        lock().traces.retain(|(id, _)| *id != self.0);
    }
}

/// Kills every simulator that this process has running, with all that it started, and removes the folders of their work.
/// No simulator starts from then on: it is for a handler of signals that ends the process.
pub fn clean_up() {
    let mut left = lock();
    left.closed = true;
    for (_, trace) in &left.traces {
        if let Trace::Group(group) = trace {
            kill(*group);
        }
    }
    for (_, trace) in &left.traces {
        if let Trace::Folder(folder) = trace {
            remove(folder);
        }
    }
}

/// Kills a group of processes.
pub(super) fn kill(group: Pid) {
    // It fails only when the whole group is gone, which is what is wanted.
    let _ = kill_process_group(group, Signal::KILL);
}

/// Removes `folder`. Killed processes and other threads may be at their last file in it, so it takes several tries.
fn remove(folder: &Path) {
    (0..100).any(|_| fs::remove_dir_all(folder).is_ok() || !folder.exists());
}

fn lock() -> MutexGuard<'static, Left> {
    LEFT.lock().unwrap_or_else(PoisonError::into_inner)
}
