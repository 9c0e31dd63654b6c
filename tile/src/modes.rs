//! The voltages that a sweep of a chain hardly changes: those that are smooth along it.
//!
//! A chain of `n` nodes `k` with segments of resistance `r`, the first of which, to a fixed end, has `r / e`, has the
//! eigenvalues `4 sin^2(a / 2) / r` and the modes `cos(a (n - k - 1/2))`. There is an `a` with
//! `e cos(a (n - 1/2)) = 2 sin(a n) sin(a / 2)` between each two of `0, pi/n, 2 pi/n, ...`.

use super::sweep::{LANES, Lane};
use std::f64::consts::PI;

/// Modes are used of which a sweep leaves more than this part.
const LEFT: f64 = 0.15;
/// Most modes of a line.
const MOST: usize = 32;
/// How well an `a` is known, of itself.
const PRECISE: f64 = 1e-15;

/// Modes of a chain, of which a sweep leaves much.
#[derive(Default)]
pub(super) struct Modes {
    /// The eigenvalue of each, siemens.
    pub(super) siemens: Vec<f64>,
    /// Each at every node, from the fixed end on; of length 1. Nodes beyond the chain are as the last one, since no
    /// current flows to them.
    pub(super) at: Vec<Vec<Lane>>,
}

impl Modes {
    /// For segments of `ohms`, and the resistances `ends` beyond the first one, with cells `g`.
    pub(super) fn new(nodes: usize, ohms: f64, ends: &[f64], g: f64) -> Self {
        let mut modes = Self::default();
        if ohms == 0.0 {
            return modes;
        }
        let n = nodes as f64;
        let end = ends.iter().map(|end| ohms / (ohms + end)).sum::<f64>() / ends.len() as f64;
        for j in 0..nodes.min(MOST) {
            let a = angle(n, j as f64, end);
            let siemens = 4.0 * (0.5 * a).sin().powi(2) / ohms;
            if g <= LEFT * (g + siemens) {
                break;
            }
            let at = |k: usize| (a * (n - 0.5 - k.min(nodes - 1) as f64)).cos();
            let length = (0..nodes).map(|k| at(k).powi(2)).sum::<f64>().sqrt();
            let lane = |first: usize| std::array::from_fn(|lane| at(first + lane) / length);
            modes.siemens.push(siemens);
            modes.at.push((0..nodes).step_by(LANES).map(lane).collect());
        }
        modes
    }
}

/// The `a` of mode `j` of a chain of `n` nodes, by halving the interval in which it lies.
fn angle(n: f64, j: f64, end: f64) -> f64 {
    let (mut from, mut to) = (j * PI / n, (j + 0.5) * PI / (n + 0.5));
    let sign = (j * PI).cos();
    while to - from > PRECISE * to {
        let a = 0.5 * (from + to);
        let more = sign * (end * (a * (n - 0.5)).cos() - 2.0 * (a * n).sin() * (0.5 * a).sin()) > 0.0;
        *(if more { &mut from } else { &mut to }) = a;
    }
    to
}
