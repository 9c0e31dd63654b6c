//! Column currents against those of badcrossbar 1.1.0.
//!
//! Each file holds the currents of `tile/benches/peer.py N SEED LOW HIGH 1 1`, one per line, with the arguments of the
//! test that reads it.

use crate::kit::{of_span, square};

#[track_caller]
fn check(n: usize, seed: u64, low: f64, high: f64, golden: &str) {
    let want: Vec<f64> = golden.lines().map(|line| line.parse().unwrap()).collect();
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
