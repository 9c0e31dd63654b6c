//! Conjugate gradients for one vector of row voltages.
//!
//! Wordlines held, the bitlines are `u = B v`, a sweep of [`Sweep`]. So the wordlines obey `S v = s` with
//! `S = H - G B`: cells `G`, segments and cells `H`, and what the drivers send, `s`. `S` is symmetric and positive. A
//! sweep of the wordlines solves `H`; it preconditions the descent, with [`Coarse`] beside it for the voltages that it
//! knows badly. Only cells and segments are ever added up: that `r`, the residual through `H`, is small, is what one
//! more sweep of all lines says.
//!
//! P. Concus, G. H. Golub and D. P. O'Leary, "A generalized conjugate gradient method for the numerical solution of
//! elliptic partial differential equations", in Sparse Matrix Computations (1976).

use super::Tile;
use super::coarse::Coarse;
use super::sweep::{LANES, Lane, Sweep, transposed};
use super::wide::wide;
use rayon::prelude::*;

/// The equations of one tile, and where their solution is. All fields but `r` are in the bitlines' layout.
pub(super) struct Gradient {
    pub(super) words: Sweep,
    pub(super) bits: Sweep,
    pub(super) wires: Wires,
    pub(super) coarse: Coarse,
    /// Voltages of the wordlines.
    pub(super) v: Vec<Lane>,
    /// The residual: what one more sweep of all lines would change in them; in the wordlines' layout.
    pub(super) r: Vec<Lane>,
    /// The search direction, volts.
    pub(super) p: Vec<Lane>,
    /// What the bitlines, held, send through the cells; amperes.
    pub(super) current: Vec<Lane>,
}

/// Voltages at the cross-points, row by row.
pub(super) struct Solution {
    pub(super) wordline: Vec<f64>,
    pub(super) bitline: Vec<f64>,
}

/// Conductances of the wordlines' segments, siemens; none where no voltage is along them.
pub(super) struct Wires {
    /// Of the first one of each line.
    pub(super) entry: Vec<Lane>,
    pub(super) segment: f64,
}

impl Wires {
    fn new(tile: &Tile, words: &Sweep) -> Self {
        let siemens = |ohms: f64| if ohms > 0.0 { ohms.recip() } else { 0.0 };
        let entry = words.first.iter().map(|first| first.map(siemens)).collect();
        // The part of a voltage that a whole line may lose, if all its cells are like the best one.
        let most = tile.conductance.iter().copied().fold(0.0, f64::max);
        let lost = tile.wordline * most * (tile.cols * tile.cols) as f64;
        Self { entry, segment: if lost > f64::EPSILON { siemens(tile.wordline) } else { 0.0 } }
    }
}

impl Gradient {
    pub(super) fn new(tile: &Tile) -> Self {
        let (words, bits) = (Sweep::wordlines(tile), Sweep::bitlines(tile));
        let (r, v, p, current) = (words.field(), bits.field(), bits.field(), bits.field());
        Self { wires: Wires::new(tile, &words), coarse: Coarse::new(tile), words, bits, v, r, p, current }
    }

    /// Voltages for the drivers' `volts`. Each round solves for what the last one left, until one more sweep of all
    /// lines changes no voltage by more than `goal`. `None` if a round does not halve that, or if it takes more than
    /// `steps` steps.
    pub(super) fn solve(
        mut self,
        tile: &Tile,
        volts: &[f64],
        goal: f64,
        mut steps: usize,
    ) -> Option<Solution> {
        let mut ends = vec![[0.0; LANES]; self.words.first.len()];
        let lines = ends.iter_mut().flatten().zip(volts.iter().rev());
        lines.for_each(|(end, volts)| *end = *volts);
        let mut last = f64::INFINITY;
        loop {
            let change = self.sweep(&ends);
            if change <= goal {
                break;
            }
            if change > 0.5 * last || steps == 0 {
                return None;
            }
            last = change;
            steps -= self.descend(steps);
            self.bitlines(true);
        }
        self.add_change();
        self.bitlines(false);
        Some(Solution { wordline: self.by_rows(tile, &self.v), bitline: self.by_rows(tile, &self.current) })
    }

    /// Sweeps the wordlines for `current`: `r` is what that changes. Returns the most of it.
    pub(super) fn sweep(&mut self, ends: &[Lane]) -> f64 {
        let Self { words, bits, v, current, r, .. } = self;
        let panels = r.par_chunks_mut(words.nodes).enumerate().map(|(panel, r)| {
            wide(
                #[inline(always)]
                || {
                    for (block, r) in r.as_chunks_mut().0.iter_mut().enumerate() {
                        *r = transposed(current, bits.nodes, panel, block);
                    }
                    words.panel(panel, &ends[panel], r);
                    let mut most = [0.0; LANES];
                    for (block, r) in r.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                        let v = transposed(v, bits.nodes, panel, block);
                        for (r, v) in r.iter_mut().zip(&v) {
                            for lane in 0..LANES {
                                r[lane] -= v[lane];
                                most[lane] = f64::max(most[lane], r[lane].abs());
                            }
                        }
                    }
                    most.into_iter().fold(0.0, f64::max)
                },
            )
        });
        panels.reduce(|| 0.0, f64::max)
    }

    /// `v += r`.
    fn add_change(&mut self) {
        let Self { words, bits, v, r, .. } = self;
        v.par_chunks_mut(bits.nodes).enumerate().for_each(|(panel, v)| {
            for (block, v) in v.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
                let r = transposed(r, words.nodes, panel, block);
                v.iter_mut().flatten().zip(r.iter().flatten()).for_each(|(v, r)| *v += r);
            }
        });
    }

    /// Puts `B v` into `current`, or with `through` what that sends through the cells.
    fn bitlines(&mut self, through: bool) {
        let Self { bits, v, current, .. } = self;
        let panels =
            (v.par_chunks(bits.nodes), bits.g.par_chunks(bits.nodes), current.par_chunks_mut(bits.nodes));
        panels.into_par_iter().enumerate().for_each(|(panel, (v, g, u))| {
            wide(
                #[inline(always)]
                || {
                    for ((u, g), v) in u.iter_mut().zip(g).zip(v) {
                        for lane in 0..LANES {
                            u[lane] = g[lane] * v[lane];
                        }
                    }
                    bits.panel(panel, &[0.0; LANES], u);
                    for (u, g) in u.iter_mut().zip(g).take(if through { bits.nodes } else { 0 }) {
                        for lane in 0..LANES {
                            u[lane] *= g[lane];
                        }
                    }
                },
            );
        });
    }

    /// A field's values at the cross-points.
    fn by_rows(&self, tile: &Tile, field: &[Lane]) -> Vec<f64> {
        let mut values = Vec::with_capacity(tile.rows * tile.cols);
        for node in (0..tile.rows).rev() {
            for (panel, first) in (0..tile.cols).step_by(LANES).enumerate() {
                values.extend(&field[panel * self.bits.nodes + node][..LANES.min(tile.cols - first)]);
            }
        }
        values
    }
}
