//! Runs a program with a limit on its time and on what it prints.

use super::Error;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// What a run may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time.
    pub time: Duration,
    /// Bytes on each of standard output and standard error.
    pub log: usize,
}

impl Default for Limits {
    /// Ten minutes, and 64 MiB of text: ngspice prints every node before a transient analysis.
    fn default() -> Self {
        Self { time: Duration::from_secs(600), log: 64 << 20 }
    }
}

/// A program and its arguments.
#[derive(Debug, Clone)]
pub(super) struct Job {
    program: PathBuf,
    args: Vec<OsString>,
}

/// What a finished program left.
#[derive(Debug, Clone)]
pub(super) struct Output {
    pub(super) status: ExitStatus,
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) wall: Duration,
    /// Largest resident memory seen while it ran, bytes.
    pub(super) peak_rss: Option<u64>,
}

impl Output {
    /// Standard output, then standard error.
    pub(super) fn log(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl Job {
    pub(super) fn new(program: &Path) -> Self {
        Self { program: program.into(), args: Vec::new() }
    }

    pub(super) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().into());
        self
    }

    /// Runs it in `directory` and waits for its end. It gets a process group of its own, which is killed when the
    /// program ends or breaks a limit, so that nothing that it started stays behind.
    ///
    /// # Errors
    /// [`Error::Start`], [`Error::Timeout`], [`Error::Chatty`].
    pub(super) fn run(&self, directory: &Path, limits: &Limits) -> Result<Output, Error> {
        let start = Instant::now();
        let failed = |source| Error::Start { program: self.program.clone(), source };
        let mut child = self.command(directory).spawn().map_err(failed)?;
        let overflow = Arc::new(AtomicBool::new(false));
        let stdout = drain(child.stdout.take(), limits.log, &overflow);
        let stderr = drain(child.stderr.take(), limits.log, &overflow);
        let (end, peak_rss) = watch(&child, start + limits.time, &overflow);
        kill_group(&child);
        let status = child.wait().map_err(failed)?;
        let wall = start.elapsed();
        let text = |reader: thread::JoinHandle<Vec<u8>>| {
            let bytes = reader.join().unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let (stdout, stderr) = (text(stdout), text(stderr));
        if end == End::Late {
            let log = super::tail(&format!("{stdout}{stderr}"));
            return Err(Error::Timeout {
                program: self.program.clone(),
                seconds: limits.time.as_secs_f64(),
                log,
            });
        }
        if overflow.load(Ordering::Relaxed) {
            return Err(Error::Chatty { program: self.program.clone(), limit: limits.log });
        }
        Ok(Output { status, stdout, stderr, wall, peak_rss })
    }

    fn command(&self, directory: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(directory).process_group(0);
        // Messages in English, numbers with a point; no windows; no colours; rawfiles as the deck says.
        command
            .env("LC_ALL", "C")
            .env("NO_COLOR", "1")
            .env_remove("DISPLAY")
            .env_remove("SPICE_ASCIIRAWFILE");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// How the wait for a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Exited,
    Late,
    Overflow,
}

/// Waits until `child` ends or breaks a limit, and notes its peak memory. The child is left unreaped, so that its
/// process group cannot be another's by the time it is killed.
fn watch(child: &Child, deadline: Instant, overflow: &AtomicBool) -> (End, Option<u64>) {
    let pid = Pid::from_child(child);
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
    let mut pause = Duration::from_micros(500);
    let mut peak = None;
    loop {
        if !matches!(waitid(WaitId::Pid(pid), look), Ok(None)) {
            return (End::Exited, peak);
        }
        if overflow.load(Ordering::Relaxed) {
            return (End::Overflow, peak);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return (End::Late, peak);
        }
        peak = peak_rss(&status).or(peak);
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

fn kill_group(child: &Child) {
    // It fails only when the whole group is gone, which is what is wanted.
    let _ = kill_process_group(Pid::from_child(child), Signal::KILL);
}

/// `VmHWM` of a process, bytes.
fn peak_rss(status: &Path) -> Option<u64> {
    let text = fs::read_to_string(status).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Reads `pipe` to its end on a thread, keeps the first `limit` bytes and raises `overflow` at more.
fn drain<R: Read + Send + 'static>(
    pipe: Option<R>,
    limit: usize,
    overflow: &Arc<AtomicBool>,
) -> thread::JoinHandle<Vec<u8>> {
    let mut kept = Kept { bytes: Vec::new(), limit, overflow: Arc::clone(overflow) };
    thread::spawn(move || {
        // A pipe gives no error but an interruption, which `copy` retries.
        let _ = pipe.map(|mut pipe| io::copy(&mut pipe, &mut kept));
        kept.bytes
    })
}

/// Keeps what is written to it up to a limit.
struct Kept {
    bytes: Vec<u8>,
    limit: usize,
    overflow: Arc<AtomicBool>,
}

impl Write for Kept {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        let room = self.limit - self.bytes.len();
        if chunk.len() > room {
            self.overflow.store(true, Ordering::Relaxed);
        }
        self.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        Ok(chunk.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(script: &str) -> Job {
        Job::new(Path::new("/bin/sh")).arg("-c").arg(script)
    }

    #[test]
    fn both_streams_the_status_and_the_directory_come_back() {
        let dir = tempfile::tempdir().unwrap();
        let output = sh("pwd; echo no >&2; exit 3").run(dir.path(), &Limits::default()).unwrap();
        assert_eq!(output.stdout.trim(), dir.path().canonicalize().unwrap().to_str().unwrap());
        assert_eq!((output.stderr.as_str(), output.status.code()), ("no\n", Some(3)));
    }

    #[test]
    fn a_late_program_is_killed_with_all_that_it_started() {
        let dir = tempfile::tempdir().unwrap();
        let limits = Limits { time: Duration::from_secs(1), ..Limits::default() };
        let start = Instant::now();
        let error = sh("sleep 60 & echo $! > child; wait").run(dir.path(), &limits).unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
        assert!(start.elapsed() < Duration::from_secs(20));
        assert_gone(dir.path());
    }

    #[test]
    fn a_program_that_ends_leaves_no_child_behind() {
        let dir = tempfile::tempdir().unwrap();
        let start = Instant::now();
        sh("sleep 60 & echo $! > child").run(dir.path(), &Limits::default()).unwrap();
        assert!(start.elapsed() < Duration::from_secs(20), "the pipes were held open");
        assert_gone(dir.path());
    }

    /// The process whose id is in the file `child` ends: at once, but for the time that the kernel takes to deliver the
    /// signal. A killed orphan may stay a zombie for longer.
    fn assert_gone(dir: &Path) {
        let pid = fs::read_to_string(dir.join("child")).unwrap();
        let deadline = Instant::now() + Duration::from_secs(10);
        loop {
            let status = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            let state = status.rsplit(')').next().and_then(|rest| rest.split_whitespace().next());
            if matches!(state, None | Some("Z" | "X")) {
                return;
            }
            assert!(Instant::now() < deadline, "still runs: {status}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_program_that_prints_without_end_is_stopped() {
        let limits = Limits { log: 1 << 16, ..Limits::default() };
        let error = sh("yes").run(&std::env::temp_dir(), &limits).unwrap_err();
        assert!(matches!(error, Error::Chatty { .. }), "{error}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error =
            Job::new(Path::new("/no/such")).run(&std::env::temp_dir(), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("/no/such"), "{error}");
    }
}
