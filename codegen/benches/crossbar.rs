//! Throughput and peak memory of the streaming crossbar writer: `cargo bench -p memloom-codegen`.

use memloom_codegen::{DIALECTS, Parameters, Place, bit, write_cells};
use memloom_ir::{Cell, Crossbar, Design};
use std::io::{self, Write};
use std::time::Instant;

/// Counts bytes and drops them.
struct Sink(u64);

impl Write for Sink {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0 += data.len() as u64;
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Peak resident memory of this process, kB; 0 where the system does not tell.
fn peak_kb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kb| kb.parse().ok()).unwrap_or(0)
}

/// Time on a processor, so that others on the machine do not count; time on the clock where the system does not tell.
fn seconds(start: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| start.elapsed().as_secs_f64(), |ns| 1e-9 * ns)
}

fn array(cells: u32, r_wire: f64) -> (Design, Crossbar) {
    let (rows, cols) = (cells / 1000, 1000);
    let mut design = Design::new("bench");
    let cell = Cell::new(1e-6, 1e-4, 0.2);
    let cell = design.cells.insert("cell", cell).expect("a fresh design");
    // A linear congruence: no two neighbours alike, the same on every run.
    let g = (0..cells).map(|k| 1e-6 + 9.9e-5 * (k.wrapping_mul(2_654_435_761) as f32 / u32::MAX as f32));
    (design, Crossbar::new(rows, cols, cell, r_wire, g.collect()))
}

fn main() {
    let launch = Instant::now();
    println!(
        "{:<8} {:>6} {:>9} {:>8} {:>10} {:>14}",
        "dialect", "r_wire", "cells", "MB/s", "Mcells/s", "peak rise, kB"
    );
    for &dialect in DIALECTS {
        for (cells, r_wire) in [(100_000, 0.0), (10_000_000, 0.0), (1_000_000, 2.5)] {
            let (design, array) = array(cells, r_wire);
            let names = |name, width| (0..width).map(|b| bit(name, width, b)).collect::<Vec<_>>();
            let (rows, cols) = (names("row", array.rows()), names("col", array.cols()));
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            let cols: Vec<&str> = cols.iter().map(String::as_str).collect();
            let numbers = Parameters::default();
            let (before, start, mut sink) = (peak_kb(), seconds(launch), Sink(0));
            let place = Place { prefix: "", rows: &rows, cols: &cols, rails: &[], parameters: &numbers };
            write_cells(&mut sink, dialect, &design, place, &array).expect("a sink takes all");
            let seconds = seconds(launch) - start;
            let (mega, rise) = (1e-6 / seconds, peak_kb() - before);
            let (bytes, rate) = (sink.0 as f64 * mega, f64::from(cells) * mega);
            println!("{:<8} {r_wire:>6} {cells:>9} {bytes:>8.0} {rate:>10.2} {rise:>14}", dialect.name());
        }
    }
}
