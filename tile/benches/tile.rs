//! The tile solver beside badcrossbar 1.1.0 in one run: CPU seconds of one thread, and how far the currents are apart.
//!
//! `scripts/peers` installs badcrossbar; then `cargo bench -p memloom-tile --bench tile`, or with sizes behind `--`.

#[path = "../tests/tile/kit.rs"]
#[allow(dead_code)]
mod kit;

use kit::{of_span, square};
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

const SEED: u64 = 7;
/// Vectors of a batch.
const BATCH: usize = 256;

/// CPU seconds that a figure is the mean over: the clock ticks in milliseconds.
const LONG: f64 = 0.3;

/// CPU seconds of this thread so far.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").expect("this bench is for Linux");
    stat.split(' ').next().and_then(|ns| ns.parse::<f64>().ok()).expect("nanoseconds come first") * 1e-9
}

/// Mean CPU seconds of a run, and what the last one returned.
fn mean<T>(mut run: impl FnMut() -> T) -> (f64, T) {
    let (start, mut runs) = (cpu_seconds(), 0.0);
    loop {
        let result = run();
        runs += 1.0;
        let spent = cpu_seconds() - start;
        if spent >= LONG {
            return (spent / runs, result);
        }
    }
}

/// badcrossbar's CPU seconds for one vector, and its currents; `None` if it is not installed.
fn peer(n: usize, low: f64, high: f64, times: usize) -> Option<(f64, Vec<f64>)> {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = home.join("../.tools/peers/bin/python3");
    if !python.exists() {
        return None;
    }
    let args = [n as f64, SEED as f64, low, high, 1.0, times as f64].map(|a| a.to_string());
    let run =
        Command::new(python).arg(home.join("benches/peer.py")).args(args).output().expect("python3 runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said: serde_json::Value = serde_json::from_slice(&run.stdout).expect("the peer prints JSON");
    let numbers = |key: &str| -> Vec<f64> {
        said[key].as_array().expect("a list").iter().map(|v| v.as_f64().expect("a number")).collect()
    };
    Some((numbers("seconds").into_iter().fold(f64::INFINITY, f64::min), numbers("currents")))
}

fn compare(n: usize, low: f64, high: f64) {
    let (tile, volts) = square(n, SEED, low, high);
    let (effective, matrix) = mean(|| tile.effective());
    let (single, point) = mean(|| tile.solve(black_box(&volts)).expect("voltages fit"));
    let many = volts.repeat(BATCH);
    let (batch, _) = mean(|| matrix.apply(black_box(&many)).expect("voltages fit"));
    let each = 1e6 * batch / BATCH as f64;
    print!("{n:5} of {low:.0e}..{high:.0e} ohm:  matrix {effective:.5} s, then {each:.2} us a vector;  ");
    print!("one vector {single:.6} s");
    let product = matrix.apply(&volts).expect("voltages fit");
    print!(", {:.0e} apart", of_span(point.currents(&tile), &product));
    match (n <= 512).then(|| peer(n, low, high, if n < 512 { 3 } else { 1 })) {
        None => println!(),
        Some(None) => println!(";  no badcrossbar: run scripts/peers"),
        Some(Some((seconds, currents))) => {
            let apart = of_span(&product, &currents).max(of_span(point.currents(&tile), &currents));
            println!(
                ";  badcrossbar {seconds:7.4} s a vector: matrix {:.1} x, one vector {:.0} x faster, {apart:.0e} apart",
                seconds / effective,
                seconds / single
            );
            assert!(apart < 1e-9, "badcrossbar disagrees");
        }
    }
}

fn main() {
    let sizes: Vec<usize> = std::env::args().filter_map(|arg| arg.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![32, 64, 128, 256, 512, 1024] } else { sizes };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread starts");
    pool.install(|| {
        for (low, high) in [(1e5, 1e6), (1e3, 1e3), (1e3, 1e4)] {
            sizes.iter().for_each(|n| compare(*n, low, high));
        }
    });
}
