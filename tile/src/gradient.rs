//! Conjugate gradients for one vector of row voltages.
//!
//! Wordlines held, the bitlines are `u = B v`; bitlines held, the wordlines are `v = v0 + W u`: each a sweep of
//! [`Sweep`]. So `(I - W B) v = v0`, in which `W B` is self-adjoint for the scalar product `<a, b> = a' G B b` with the
//! cells `G`, and its eigenvalues lie in `0..1`: the gradients converge, in few steps where wires conduct better than
//! cells. Fields are in the bitlines' layout.

use super::Tile;
use super::sweep::{LANES, Lane, Sweep, transpose};
use rayon::prelude::*;

/// The energy that the last step may add, as a part of all: its root is the relative precision.
const SETTLED: f64 = 1e-28;

/// The equations of one tile.
pub(super) struct Gradient {
    words: Sweep,
    bits: Sweep,
    /// One word panel's layout each: scratch, and fixed ends at 0 V.
    swept: Vec<Lane>,
    grounded: Vec<Lane>,
}

/// Voltages that solve a tile.
pub(super) struct Solution {
    /// Of the wordlines.
    pub(super) v: Vec<Lane>,
    /// Of the bitlines.
    pub(super) u: Vec<Lane>,
}

impl Gradient {
    pub(super) fn new(tile: &Tile) -> Self {
        let (words, bits) = (Sweep::wordlines(tile), Sweep::bitlines(tile));
        let grounded = vec![[0.0; LANES]; words.g.len() / words.nodes];
        Self { swept: words.field(), words, bits, grounded }
    }

    /// Place of a cross-point in a field.
    pub(super) fn place(&self, tile: &Tile, row: usize, col: usize) -> (usize, usize) {
        (col / LANES * self.bits.nodes + tile.rows - 1 - row, col % LANES)
    }

    /// Voltages for the drivers' `volts`. Each round solves for what the last one left, until one more sweep of all
    /// lines changes no voltage by more than `goal`. `None` if that takes more than `steps` steps.
    pub(super) fn solve(&mut self, volts: &[f64], goal: f64, mut steps: usize) -> Option<Solution> {
        let mut ends = self.grounded.clone();
        let lines = ends.iter_mut().flatten().zip(volts.iter().rev());
        lines.for_each(|(end, volts)| *end = *volts);
        let mut v = self.wordlines(&ends, &self.bits.field());
        loop {
            let u = self.bitlines(v.clone());
            let next = self.wordlines(&ends, &u);
            let rest: Vec<Lane> = next
                .iter()
                .zip(&v)
                .map(|(next, v)| std::array::from_fn(|lane| next[lane] - v[lane]))
                .collect();
            let change = rest.iter().flatten().fold(0.0, |most: f64, change| most.max(change.abs()));
            if change <= goal {
                return Some(Solution { u: self.bitlines(next.clone()), v: next });
            }
            let taken = self.descend(rest, steps, &mut v);
            if taken == 0 || taken == steps {
                return None;
            }
            steps -= taken;
        }
    }

    /// `v0 + W u`.
    fn wordlines(&mut self, ends: &[Lane], u: &[Lane]) -> Vec<Lane> {
        self.words.solve(ends, u, self.bits.nodes, &mut self.swept);
        let mut v = self.bits.field();
        let panels = v.par_chunks_mut(self.bits.nodes).enumerate();
        panels.for_each(|(panel, v)| transpose(&self.swept, self.words.nodes, panel, v));
        v
    }

    /// `B v`, in place.
    fn bitlines(&self, mut v: Vec<Lane>) -> Vec<Lane> {
        let panels = v.par_chunks_mut(self.bits.nodes).enumerate();
        panels.for_each(|(panel, v)| self.bits.panel(panel, &[0.0; LANES], v));
        v
    }

    /// Adds to `v` the solution for the right side `r`, and returns how many steps that took. What ends in `b` is `B`
    /// times the field of the name before it.
    fn descend(&mut self, mut r: Vec<Lane>, steps: usize, v: &mut [Lane]) -> usize {
        let nodes = self.bits.nodes;
        let mut r_b = self.bitlines(r.clone());
        let (mut p, mut p_b) = (r.clone(), r_b.clone());
        let (mut a, mut a_b) = (self.bits.field(), self.bits.field());
        let mut rho = sum(self.bits.g.par_chunks(nodes).enumerate().map(|(panel, g)| {
            let range = panel * nodes..(panel + 1) * nodes;
            product(g, &r[range.clone()], &r_b[range])
        }));
        let mut energy = 0.0;
        for taken in 0..steps {
            // a = (I - W B) p
            self.words.solve(&self.grounded, &p_b, nodes, &mut self.swept);
            let panels = (a.par_chunks_mut(nodes), a_b.par_chunks_mut(nodes), p.par_chunks(nodes));
            let panels = (panels.0, panels.1, panels.2, p_b.par_chunks(nodes), self.bits.g.par_chunks(nodes));
            let bent = sum(panels.into_par_iter().enumerate().map(|(panel, (a, a_b, p, p_b, g))| {
                transpose(&self.swept, self.words.nodes, panel, a);
                a_b.copy_from_slice(a);
                self.bits.panel(panel, &[0.0; LANES], a_b);
                combine(a, -1.0, p);
                combine(a_b, -1.0, p_b);
                product(g, p, a_b)
            }));
            // Written so that no number ends the descent too.
            if !(bent > 0.0 && rho > 0.0) {
                return taken;
            }
            let step = rho / bent;
            let panels = (v.par_chunks_mut(nodes), r.par_chunks_mut(nodes), r_b.par_chunks_mut(nodes));
            let fields = (p.par_chunks(nodes), a.par_chunks(nodes), a_b.par_chunks(nodes));
            let panels = (panels, fields, self.bits.g.par_chunks(nodes));
            let panels = (panels.0.into_par_iter(), panels.1.into_par_iter(), panels.2);
            let left = sum(panels.into_par_iter().map(|((v, r, r_b), (p, a, a_b), g)| {
                add(v, step, p);
                add(r, -step, a);
                add(r_b, -step, a_b);
                product(g, r, r_b)
            }));
            energy += step * rho;
            if step * rho <= SETTLED * energy {
                return taken + 1;
            }
            let keep = left / rho;
            rho = left;
            let panels = (
                p.par_chunks_mut(nodes),
                p_b.par_chunks_mut(nodes),
                r.par_chunks(nodes),
                r_b.par_chunks(nodes),
            );
            panels.into_par_iter().for_each(|(p, p_b, r, r_b)| {
                combine(p, keep, r);
                combine(p_b, keep, r_b);
            });
        }
        steps
    }
}

/// The sum of what each panel gives, in order: the same bits whoever computed them.
fn sum(parts: impl IndexedParallelIterator<Item = f64>) -> f64 {
    parts.collect::<Vec<f64>>().iter().sum()
}

/// `sum g a b`.
fn product(g: &[Lane], a: &[Lane], b: &[Lane]) -> f64 {
    let mut sums = [0.0; LANES];
    for ((g, a), b) in g.iter().zip(a).zip(b) {
        (0..LANES).for_each(|lane| sums[lane] += g[lane] * a[lane] * b[lane]);
    }
    sums.iter().sum()
}

/// `x += factor y`.
fn add(x: &mut [Lane], factor: f64, y: &[Lane]) {
    let pairs = x.iter_mut().flatten().zip(y.iter().flatten());
    pairs.for_each(|(x, y)| *x += factor * y);
}

/// `x = y + factor x`.
fn combine(x: &mut [Lane], factor: f64, y: &[Lane]) {
    let pairs = x.iter_mut().flatten().zip(y.iter().flatten());
    pairs.for_each(|(x, y)| *x = y + factor * *x);
}
