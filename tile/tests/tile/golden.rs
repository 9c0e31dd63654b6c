//! Column currents against those of badcrossbar 1.1.0.
//!
//! Each file holds the currents of `tile/benches/peer.py N SEED LOW HIGH 1 1`, one per line, with the arguments of the
//! test that reads it.

use crate::kit::{of_span, seeded, square};
use memloom_tile::{Lines, Tile};

/// The same of lines that differ: segments of 3 ohm along wordlines and 0.5 ohm along bitlines, drivers of 6 ohm, 1.5 ohm
/// at the bitlines' ends, contacts of 40 ohm. `peer.py 32 13 1e3 1e4 1 1 3 0.5 2 3 40`.
#[test]
fn badcrossbar_agrees_on_lines_that_differ() {
    let want = numbers(include_str!("golden/32_lines.txt"));
    let (g, volts) = seeded(32, 32, 13, 1e3, 1e4);
    let lines =
        Lines { wordline: 3.0, bitline: 0.5, drivers: vec![6.0], terminations: vec![1.5], contact: 40.0 };
    let tile = Tile::new(32, 32, g, &lines).unwrap();
    let matrix = of_span(&tile.effective().apply(&volts).unwrap(), &want);
    let point = of_span(tile.solve(&volts).unwrap().currents(&tile), &want);
    assert!(matrix < 1e-9 && point < 1e-9, "{matrix:e} {point:e}");
}

fn numbers(golden: &str) -> Vec<f64> {
    golden.lines().map(|line| line.parse().unwrap()).collect()
}

#[track_caller]
fn check(n: usize, seed: u64, low: f64, high: f64, golden: &str) {
    let want = numbers(golden);
    let (tile, volts) = square(n, seed, low, high);
    let matrix = of_span(&tile.effective().apply(&volts).unwrap(), &want);
    let point = of_span(tile.solve(&volts).unwrap().currents(&tile), &want);
    assert!(matrix < 1e-9 && point < 1e-9, "{matrix:e} {point:e}");
    // Wires of 1 ohm matter: without them the currents are others.
    let sum = |col: usize| (0..n).map(|row| tile.conductance(row, col) * volts[row]).sum();
    assert!(of_span(&(0..n).map(sum).collect::<Vec<f64>>(), &want) > 1e-3);
}

#[test]
fn badcrossbar_agrees_on_32() {
    check(32, 11, 1e5, 1e6, include_str!("golden/32.txt"));
}

#[test]
fn badcrossbar_agrees_on_64() {
    check(64, 11, 1e5, 1e6, include_str!("golden/64.txt"));
}

#[test]
fn badcrossbar_agrees_on_low_resistances() {
    check(64, 12, 1e3, 1e4, include_str!("golden/64_low.txt"));
}
