//! One descent by conjugate gradients from what a sweep of all lines would change.
//!
//! Each step passes twice over the tile: [`Gradient::search_direction`] by panels of bitlines,
//! [`Gradient::update_residual`] by panels of wordlines. Large tiles do not fit the caches, and the passes over memory
//! are what a step costs.

use super::gradient::Gradient;
use super::sweep::{LANES, transposed};
use super::wide::wide;
use rayon::prelude::*;

/// The energy that the last step may add, as a part of all: its root is the relative precision.
const SETTLED: f64 = 1e-28;

impl Gradient {
    /// Adds to `v` the solution of `S x = H r`, and returns how many steps that took. The first is the change itself.
    pub(super) fn descend(&mut self, steps: usize) -> usize {
        self.p.fill([0.0; LANES]);
        self.search_direction(0.0, 0.0);
        let (mut step, mut energy, mut power) = (1.0, 0.0, f64::INFINITY);
        let mut taken = 0;
        while taken < steps {
            taken += 1;
            let left = self.update_residual(step) + self.coarse.find();
            let curvature = self.search_direction(step, left / power);
            power = left;
            // Written so that no number ends the descent too.
            if !(curvature > 0.0 && power > 0.0) {
                step = 0.0;
                break;
            }
            step = power / curvature;
            energy += step * power;
            if step * power <= SETTLED * energy {
                break;
            }
        }
        self.coarse.clear();
        self.v.iter_mut().flatten().zip(self.p.iter().flatten()).for_each(|(v, p)| *v += step * p);
        taken
    }

    /// Takes the last step in `v`, then the next search direction `p = z + beta p`, where `z` is the residual `r` with
    /// its coarse part; `current` is `G B p`. Returns the curvature `p' S p`: what `p` burns in wires and cells, less
    /// `p' G B p`.
    fn search_direction(&mut self, step: f64, beta: f64) -> f64 {
        let Self { words, bits, wires, coarse, v, r, p, current } = self;
        let (nodes, segment) = (bits.nodes, wires.segment);
        let fields = (v.par_chunks_mut(nodes), p.par_chunks_mut(nodes), current.par_chunks_mut(nodes));
        let panels = (fields.0, fields.1, fields.2, bits.g.par_chunks(nodes)).into_par_iter().enumerate();
        let inside = sum(panels.map(|(panel, (v, p, current, g))| {
            wide(
                #[inline(always)]
                || {
                    let (mut cells, mut squares) = ([0.0; LANES], [0.0; LANES]);
                    for block in 0..nodes / LANES {
                        let mut z = transposed(r, words.nodes, panel, block);
                        coarse.add(panel, block, &mut z);
                        for (k, z) in z.iter().enumerate() {
                            let node = block * LANES + k;
                            let (v, p, current, g) =
                                (&mut v[node], &mut p[node], &mut current[node], &g[node]);
                            for lane in 0..LANES {
                                v[lane] += step * p[lane];
                                p[lane] = z[lane] + beta * p[lane];
                                current[lane] = g[lane] * p[lane];
                            }
                            for lane in 1..LANES {
                                squares[lane] += (p[lane] - p[lane - 1]) * (p[lane] - p[lane - 1]);
                            }
                        }
                    }
                    bits.panel(panel, &[0.0; LANES], current);
                    for ((current, g), p) in current.iter_mut().zip(g).zip(&*p) {
                        for lane in 0..LANES {
                            current[lane] *= g[lane];
                            cells[lane] += p[lane] * (g[lane] * p[lane] - current[lane]);
                        }
                    }
                    cells.iter().sum::<f64>() + segment * squares.iter().sum::<f64>()
                },
            )
        }));
        // The segments between panels, and the first ones.
        let seams = p.iter().zip(p.iter().skip(nodes)).map(|(a, b)| (b[0] - a[LANES - 1]).powi(2));
        let entries = wires.entry.iter().flatten().zip(&*p).map(|(entry, p)| entry * p[0] * p[0]);
        inside + segment * seams.sum::<f64>() + entries.sum::<f64>()
    }

    /// Takes `step` in the residual: `r -= step (p - W current)`, `W` being a sweep of the wordlines. Gathers the coarse
    /// part of `H r`, the currents that `r` would send, and returns `r' H r`.
    fn update_residual(&mut self, step: f64) -> f64 {
        let Self { words, bits, wires, coarse, r, p, current, .. } = self;
        let nodes = words.nodes;
        let (modes, gathered) = coarse.gather();
        let panels =
            (r.par_chunks_mut(nodes), words.g.par_chunks(nodes), gathered).into_par_iter().enumerate();
        let scratch = || vec![[0.0; LANES]; nodes];
        sum(panels.map_init(scratch, |swept, (panel, (r, g, gathered))| {
            wide(
                #[inline(always)]
                || {
                    for (block, swept) in swept.as_chunks_mut().0.iter_mut().enumerate() {
                        *swept = transposed(current, bits.nodes, panel, block);
                    }
                    words.panel(panel, &[0.0; LANES], swept);
                    for block in 0..nodes / LANES {
                        let p = transposed(p, bits.nodes, panel, block);
                        for (k, p) in p.iter().enumerate() {
                            let (r, swept) = (&mut r[block * LANES + k], &swept[block * LANES + k]);
                            for lane in 0..LANES {
                                r[lane] -= step * (p[lane] - swept[lane]);
                            }
                        }
                    }
                    let (mut sums, mut toward) = ([0.0; LANES], [0.0; LANES]);
                    for lane in 0..LANES {
                        toward[lane] = wires.entry[panel][lane] * r[0][lane];
                    }
                    for block in 0..nodes / LANES {
                        let mut currents = [[0.0; LANES]; LANES];
                        for (k, current) in currents.iter_mut().enumerate() {
                            let node = block * LANES + k;
                            let (r, next, g) = (&r[node], &r[(node + 1).min(nodes - 1)], &g[node]);
                            for lane in 0..LANES {
                                // Through the segments toward the fixed end, and from the next node.
                                let from = wires.segment * (next[lane] - r[lane]);
                                current[lane] = g[lane] * r[lane] + (toward[lane] - from);
                                toward[lane] = from;
                                sums[lane] += r[lane] * current[lane];
                            }
                        }
                        gathered.add(modes, block, &currents);
                    }
                    sums.iter().sum()
                },
            )
        }))
    }
}

/// The sum of what each panel gives, in order: the same bits whoever computed them.
fn sum(parts: impl IndexedParallelIterator<Item = f64>) -> f64 {
    parts.collect::<Vec<f64>>().iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Lines, Tile};

    /// Steps for a tile of 256 x 256 cells of `ohms` with 1 ohm segments.
    fn steps(ohms: f64) -> usize {
        let lines = Lines { wordline: 1.0, bitline: 1.0, ..Lines::default() };
        let tile = Tile::new(256, 256, vec![ohms.recip(); 256 * 256], &lines).unwrap();
        let mut gradient = Gradient::new(&tile);
        gradient.sweep(&[[0.5; LANES]; 8]);
        gradient.descend(usize::MAX)
    }

    #[test]
    fn low_resistances_take_few_steps_more() {
        let [high, low, lowest] = [1e5, 1e3, 1e2].map(steps);
        assert!(low <= 2 * high && lowest <= 2 * high, "{high} {low} {lowest}");
    }
}
