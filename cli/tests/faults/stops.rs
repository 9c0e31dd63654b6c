//! Signals while a simulator sleeps for ever.

use crate::bench::{Bench, end, ended, wait_until};
use rustix::process::{Pid, Signal, kill_process};

/// One layer in ngspice.
pub(crate) const CHECK: [&str; 7] =
    ["check", "net.safetensors", "--engine", "ngspice", "--pixels", "1", "--layers=stem"];

/// A simulator that tells when it has started, and sleeps in a process of its own.
const SLEEPER: &str = "sleep 1000 & : > \"$HOME/started\"; sleep 1000";

/// A command whose simulator sleeps.
fn asleep(bench: &Bench, prefix: &[&str], args: &[&str]) -> std::process::Child {
    bench.fake(SLEEPER);
    let child = bench.run_by(prefix, args).env("HOME", bench.path("")).spawn().unwrap();
    wait_until("the simulator", || bench.path("started").exists());
    child
}

const HEARD: [&str; 2] = ["env", "--default-signal=INT,TERM,HUP"];

#[test]
fn a_sleeping_simulator_goes_with_the_command() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP, Signal::KILL] {
        let bench = Bench::new();
        let child = asleep(&bench, &HEARD, &CHECK);
        assert!(bench.processes().len() >= 4, "command, its guard, simulator, the simulator's own");
        assert_eq!(bench.temporary().len(), 1);
        let (code, said) = end(child, signal);
        assert_eq!(code, 128 + signal.as_raw(), "{said}");
        bench.assert_nothing_runs(&format!("{signal:?}"));
        if signal == Signal::KILL {
            assert_eq!(bench.temporary().len(), 1, "nobody was there to remove it");
            bench.fake("$real \"$@\"");
            bench.succeeds(&CHECK);
        } else {
            assert_eq!(said, "interrupted\n");
        }
        assert!(bench.temporary().is_empty(), "{signal:?}");
    }
}

#[test]
fn a_timeout_beyond_what_clocks_count_is_none() {
    let bench = Bench::new();
    let child = asleep(&bench, &HEARD, &[&CHECK[..], &["--timeout=18446744073709551615"]].concat());
    assert_eq!(end(child, Signal::TERM).0, 143, "no panic over a deadline that no clock has");
    bench.assert_nothing_runs("a timeout of any value");
}

#[test]
fn what_was_ignored_at_the_start_stays_ignored() {
    let bench = Bench::new();
    let child = asleep(&bench, &["env", "--default-signal=INT,TERM", "--ignore-signal=HUP"], &CHECK);
    kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(bench.processes().len() >= 4, "as under nohup");
    assert_eq!(end(child, Signal::TERM).0, 143);
    bench.assert_nothing_runs("a signal that was not ignored");
}

#[test]
fn a_late_simulator_is_killed_with_what_it_started() {
    let bench = Bench::new();
    let child = asleep(&bench, &HEARD, &[&CHECK[..], &["--timeout=1"]].concat());
    let (code, said) = ended(child);
    assert!(code == 1 && said.contains("was killed after 1 s"), "{code}: {said}");
    bench.assert_nothing_runs("a late simulator");
    assert!(bench.temporary().is_empty());
}

#[test]
fn no_time_at_all_is_refused() {
    let bench = Bench::new();
    let (code, said) = ended(bench.start(&[&CHECK[..], &["--timeout=0"]].concat()));
    assert!(code == 2 && said.contains("write whole seconds, 1 or more"), "{code}: {said}");
}
