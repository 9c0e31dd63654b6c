//! What a program does that is told to stop: these tests run themselves once more, and stop that.

use memloom_flow::interrupt::{Guard, hold, install, settle};
use rustix::process::{Pid, Signal, kill_process};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Holds the folder of a test that runs once more, to be stopped.
const AGAIN: &str = "MEMLOOM_INTERRUPT_TEST";

/// In the run to be stopped, its folder.
fn again() -> Option<PathBuf> {
    let folder = env::var_os(AGAIN).map(PathBuf::from)?;
    install().unwrap();
    Some(folder)
}

/// Runs the test of that name once more until it says that it is ready.
fn start(test: &str, folder: &Path) -> Child {
    let mut command = Command::new("env");
    command.arg("--default-signal=INT,TERM,HUP").arg(env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).env(AGAIN, folder);
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !folder.join("ready").exists() {
        assert!(Instant::now() < deadline, "`{test}` does not get ready");
        sleep(Duration::from_millis(2));
    }
    child
}

fn ready(folder: &Path) {
    fs::write(folder.join("ready"), "").unwrap();
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn what_is_unfinished_goes_and_what_is_finished_stays() {
    if let Some(folder) = again() {
        let [first, second, done] = ["first", "second", "done"].map(|name| folder.join(name));
        let guards = hold(|| {
            fs::create_dir_all(first.join("deep")).unwrap();
            fs::write(&second, "unfinished").unwrap();
            fs::write(&done, "finished").unwrap();
            [&first, &second, &done].map(|path| Guard::new(path))
        });
        let [_first, _second, finished] = guards;
        drop(finished);
        ready(&folder);
        // What fails from the signal on does not end the program by its own error.
        while first.exists() {
            sleep(Duration::from_millis(1));
        }
        settle();
        panic!("it went on");
    }
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let folder = tempfile::tempdir().unwrap();
        let child = start("what_is_unfinished_goes_and_what_is_finished_stays", folder.path());
        send(&child, signal);
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), said(&output).as_str()), (Some(code), "interrupted\n"));
        assert!(folder.path().join("done").exists());
        assert!(!folder.path().join("first").exists() && !folder.path().join("second").exists());
    }
}

#[test]
fn an_interrupt_waits_for_what_it_may_not_cut_in_two() {
    if let Some(folder) = again() {
        hold(|| {
            ready(&folder);
            sleep(Duration::from_millis(300));
            fs::write(folder.join("whole"), "").unwrap();
        });
        sleep(Duration::from_secs(60));
    }
    let folder = tempfile::tempdir().unwrap();
    let child = start("an_interrupt_waits_for_what_it_may_not_cut_in_two", folder.path());
    send(&child, Signal::TERM);
    assert_eq!(child.wait_with_output().unwrap().status.code(), Some(143));
    assert!(folder.path().join("whole").exists());
}

#[test]
fn a_second_signal_does_not_wait() {
    if let Some(folder) = again() {
        hold(|| {
            ready(&folder);
            sleep(Duration::from_secs(60));
        });
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child = start("a_second_signal_does_not_wait", folder.path());
    let start = Instant::now();
    send(&child, Signal::TERM);
    sleep(Duration::from_millis(100));
    assert!(child.try_wait().unwrap().is_none(), "it waits");
    send(&child, Signal::INT);
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), said(&output).as_str()), (Some(130), ""));
    assert!(start.elapsed() < Duration::from_secs(20));
}
