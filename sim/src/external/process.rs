//! Runs a program with a limit on its time and on what it prints.

use super::Error;
use super::cleanup::{self, Noted, Trace};
use rustix::process::Pid;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver};
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
pub struct Job {
    program: PathBuf,
    args: Vec<OsString>,
}

/// What a finished program left.
#[derive(Debug, Clone)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed.
    pub stdout: String,
    /// What it printed as errors.
    pub stderr: String,
    /// Wall-clock time.
    pub wall: Duration,
    /// Largest resident memory seen while it ran, bytes.
    pub peak_rss: Option<u64>,
}

impl Output {
    /// Standard output, then standard error.
    pub fn log(&self) -> String {
        format!("{}{}", self.stdout, self.stderr)
    }
}

impl Job {
    /// `program` without arguments.
    pub fn new(program: &Path) -> Self {
        Self { program: program.into(), args: Vec::new() }
    }

    /// The same with `arg` behind its arguments.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().into());
        self
    }

    /// Runs it in `directory` and waits for its end. It gets a process group of its own, which is killed when the
    /// program ends or breaks a limit, and when this process ends in whatever way, so that nothing that it started
    /// stays behind.
    ///
    /// # Errors
    /// [`Error::Start`], [`Error::Timeout`], [`Error::Chatty`].
    pub fn run(&self, directory: &Path, limits: &Limits) -> Result<Output, Error> {
        let start = Instant::now();
        let failed = |source| Error::Start { program: self.program.clone(), source };
        let group = Group::start().map_err(failed)?;
        let mut child = group.spawn(self.command(directory)).map_err(failed)?;
        let overflow = Arc::new(AtomicBool::new(false));
        let stdout = drain(child.stdout.take(), limits.log, &overflow);
        let stderr = drain(child.stderr.take(), limits.log, &overflow);
        let watched = watch(&mut child, start.checked_add(limits.time), &overflow);
        drop(group);
        let status = child.wait().map_err(failed)?;
        let (end, peak_rss) = watched.map_err(failed)?;
        let (stdout, stderr) = (text(&stdout).map_err(failed)?, text(&stderr).map_err(failed)?);
        if end == End::Late {
            let log = super::tail(&format!("{stdout}{stderr}"));
            let seconds = limits.time.as_secs_f64();
            return Err(Error::Timeout { program: self.program.clone(), seconds, log });
        }
        if overflow.load(Ordering::Relaxed) {
            return Err(Error::Chatty { program: self.program.clone(), limit: limits.log });
        }
        Ok(Output { status, stdout, stderr, wall: start.elapsed(), peak_rss })
    }

    fn command(&self, directory: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.args).current_dir(directory);
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

/// A group of processes that ends with this process, even when that is killed.
///
/// Its leader is a shell that waits for the end of a pipe, of which this process alone holds the other end, and then
/// kills the group. The kernel closes that end whatever happens to this process. A child has a copy until it becomes
/// another program, and by then it is in the group: there is no instant at which one could escape. `PR_SET_PDEATHSIG`
/// would leave out what the simulator starts itself, and is tied to the thread that started it.
struct Group {
    leader: Child,
    noted: Option<Noted>,
}

impl Group {
    const LEADER: &'static str = "trap '' HUP INT QUIT TERM; read _; kill -KILL 0";

    fn start() -> io::Result<Self> {
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(Self::LEADER).current_dir("/").process_group(0);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let (leader, noted) = cleanup::noted(|| {
            let leader = shell.spawn()?;
            let group = Trace::Group(Pid::from_child(&leader));
            Ok((leader, group))
        })?;
        Ok(Self { leader, noted: Some(noted) })
    }

    /// Starts a program in the group. Not once the group may have been killed: its leader, though dead, still gives it
    /// its number, and a program that joined then would have nobody to end it.
    fn spawn(&self, mut command: Command) -> io::Result<Child> {
        command.process_group(Pid::from_child(&self.leader).as_raw_nonzero().get());
        cleanup::unless_closed(|| command.spawn())
    }
}

impl Drop for Group {
    /// The leader is reaped last: until then its number, which is the group's, cannot become another's.
    fn drop(&mut self) {
        self.noted = None;
        cleanup::kill(Pid::from_child(&self.leader));
        let _ = self.leader.wait();
    }
}

/// How the wait for a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Exited,
    Late,
    Overflow,
}

/// Waits until `child` ends or breaks a limit, and notes its peak memory. Without a deadline it may take for ever.
fn watch(
    child: &mut Child,
    deadline: Option<Instant>,
    overflow: &AtomicBool,
) -> io::Result<(End, Option<u64>)> {
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut pause = Duration::from_micros(500);
    let mut peak = None;
    loop {
        if child.try_wait()?.is_some() {
            return Ok((End::Exited, peak));
        }
        if overflow.load(Ordering::Relaxed) {
            return Ok((End::Overflow, peak));
        }
        let left = deadline.map_or(pause, |deadline| deadline.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return Ok((End::Late, peak));
        }
        peak = peak_rss(&status).or(peak);
        thread::sleep(pause.min(left));
        pause = (pause * 2).min(Duration::from_millis(10));
    }
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
) -> Receiver<Vec<u8>> {
    let mut kept = Kept { bytes: Vec::new(), limit, overflow: Arc::clone(overflow) };
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        // A pipe gives no error but an interruption, which `copy` retries.
        let _ = pipe.map(|mut pipe| io::copy(&mut pipe, &mut kept));
        let _ = sender.send(kept.bytes);
    });
    receiver
}

/// What a pipe gave. It ends with the group, unless a process that left the group holds it open.
fn text(pipe: &Receiver<Vec<u8>>) -> io::Result<String> {
    let bytes = pipe.recv_timeout(Duration::from_secs(10)).map_err(|_| {
        io::Error::other("a process that it started has left its group and keeps its output open")
    })?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
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

    #[test]
    fn a_panic_leaves_no_child_behind() {
        let dir = tempfile::tempdir().unwrap();
        let group = Group::start().unwrap();
        let mut child = group.spawn(sh("sleep 60 & echo $! > child; wait").command(dir.path())).unwrap();
        while !fs::read_to_string(dir.path().join("child")).is_ok_and(|pid| pid.ends_with('\n')) {
            thread::sleep(Duration::from_millis(1));
        }
        thread::spawn(move || {
            let _group = group;
            panic!("on purpose");
        })
        .join()
        .unwrap_err();
        assert!(!child.wait().unwrap().success());
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
    fn a_process_that_left_the_group_does_not_hold_up_the_run() {
        let dir = tempfile::tempdir().unwrap();
        // The shell ends, and the group with it, once the other has left.
        let script =
            "setsid sh -c 'echo $$ > child; exec sleep 60' & until [ -s child ]; do sleep 0.01; done";
        let error = sh(script).run(dir.path(), &Limits::default()).unwrap_err();
        assert!(error.to_string().contains("left its group"), "{error}");
        let pid = fs::read_to_string(dir.path().join("child")).unwrap().trim().parse().unwrap();
        rustix::process::kill_process(Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL).unwrap();
    }

    #[test]
    fn a_limit_beyond_what_clocks_count_is_none() {
        let limits = Limits { time: Duration::MAX, ..Limits::default() };
        let output = sh("echo done").run(&std::env::temp_dir(), &limits).unwrap();
        assert_eq!(output.stdout, "done\n");
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
