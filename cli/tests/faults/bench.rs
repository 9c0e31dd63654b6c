//! A folder with a tiny network, images and measurements, in which a command runs under a marker that all of its
//! children inherit.

use crate::{common, network};
use rustix::process::{Pid, Signal, kill_process};
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The environment variable by which a command's processes are found.
const MARKER: &str = "MEMLOOM_FAULT";

/// Longest wait for what takes no time.
const SOON: Duration = Duration::from_secs(30);

/// A working folder, with a folder for temporary files that is its own.
pub(crate) struct Bench {
    folder: TempDir,
    temporary: TempDir,
    programs: TempDir,
    marker: String,
}

impl Bench {
    /// One with `net.safetensors`, `batch.bin` and `device.csv`.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let marker = format!("{}.{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let made = || tempfile::tempdir().unwrap();
        let bench = Self { folder: made(), temporary: made(), programs: made(), marker };
        fs::write(bench.path("net.safetensors"), weights()).unwrap();
        fs::write(bench.path("batch.bin"), batch(16)).unwrap();
        let measured = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/fitting/device.csv");
        fs::copy(measured, bench.path("device.csv")).unwrap();
        bench
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a shell script in the place of ngspice. It tells a version, then does as `script` says; `$real` is ngspice.
    pub(crate) fn fake(&self, script: &str) {
        let real = memloom_sim::external::Program::Ngspice.find().unwrap();
        let path = self.programs.path().join("ngspice");
        let version =
            "case $1 in --version) echo '** ngspice-39 : Circuit level simulation program'; exit;; esac";
        fs::write(&path, format!("#!/bin/sh\nreal={}\n{version}\n{script}\n", real.display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// `memloom ARGS`, at the default for the signals that are sent to it: a test may run where they are ignored.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.run_by(&["env", "--default-signal=INT,TERM,HUP"], args)
    }

    /// `PREFIX memloom ARGS`.
    pub(crate) fn run_by(&self, prefix: &[&str], args: &[&str]) -> Command {
        let words = [prefix, &[env!("CARGO_BIN_EXE_memloom"), "--threads=2"], args].concat();
        let mut command = Command::new(words[0]);
        command.args(&words[1..]).current_dir(self.folder.path());
        command.env(MARKER, &self.marker).env("TMPDIR", self.temporary.path());
        let fake = self.programs.path().join("ngspice");
        if fake.exists() {
            command.env("MEMLOOM_NGSPICE", fake);
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Starts it.
    pub(crate) fn start(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    /// Runs it to its end and expects success.
    pub(crate) fn succeeds(&self, args: &[&str]) -> Output {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// Every file of the working folder with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let read = |name: String| {
            let bytes = fs::read(self.path(&name)).unwrap();
            (name, bytes)
        };
        common::files(self.folder.path()).into_iter().map(read).collect()
    }

    /// What is in the folder for temporary files.
    pub(crate) fn temporary(&self) -> Vec<PathBuf> {
        fs::read_dir(self.temporary.path()).unwrap().map(|entry| entry.unwrap().path()).collect()
    }

    /// Waits until no process of the command is left, though it takes the kernel a moment.
    pub(crate) fn assert_nothing_runs(&self, what: &str) {
        let deadline = Instant::now() + SOON;
        while let [first, ..] = self.processes().as_slice() {
            assert!(Instant::now() < deadline, "{what}: still runs: {first}");
            sleep(Duration::from_millis(2));
        }
    }

    /// The command lines of the processes that have the marker. One that ended has no environment any more.
    pub(crate) fn processes(&self) -> Vec<String> {
        let wanted = format!("{MARKER}={}", self.marker).into_bytes();
        let is_marked = |process: &Path| {
            let environment = fs::read(process.join("environ")).unwrap_or_default();
            environment.split(|byte| *byte == 0).any(|variable| variable == wanted)
        };
        let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
        let line = |process: PathBuf| fs::read_to_string(process.join("cmdline")).unwrap_or_default();
        processes.filter(|process| is_marked(process)).map(line).collect()
    }
}

/// Waits until `done`.
pub(crate) fn wait_until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + SOON;
    while !done() {
        assert!(Instant::now() < deadline, "waited for {what} in vain");
        sleep(Duration::from_millis(2));
    }
}

/// Sends `signal` to `child` alone, waits for its end, and gives what shells call its exit code with what it printed.
pub(crate) fn end(child: Child, signal: Signal) -> (i32, String) {
    // It may have ended by itself: it is not reaped yet, so that its number is still its own.
    kill_process(Pid::from_child(&child), signal).unwrap();
    ended(child)
}

/// The same for one that ends by itself.
pub(crate) fn ended(child: Child) -> (i32, String) {
    let output = child.wait_with_output().unwrap();
    let code = output.status.code().or(output.status.signal().map(|signal| 128 + signal));
    (code.unwrap(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A tiny network whose layers are all active: weights are positive, and each sum is a mean. Made once, as its metadata
/// come in any order.
fn weights() -> &'static [u8] {
    static WEIGHTS: OnceLock<Vec<u8>> = OnceLock::new();
    WEIGHTS.get_or_init(|| {
        let mut dict = network::state_dict(&network::TINY, 4, 7, 9, 10);
        for (_, shape, values) in &mut dict {
            let inputs: usize = shape[1..].iter().product();
            values.iter_mut().for_each(|x| *x = (0.1 + x.abs()) / inputs as f32);
        }
        network::safetensors(&dict, &network::metadata("3x32x32"))
    })
}

/// A CIFAR-10 batch of made-up pictures.
fn batch(images: usize) -> Vec<u8> {
    let mut noise = network::Noise(7);
    let mut image = |label: usize| {
        let mut bytes = vec![(label % 10) as u8];
        bytes.extend((0..3072).map(|_| (127.5 * (1.0 + noise.next())) as u8));
        bytes
    };
    (0..images).flat_map(&mut image).collect()
}
