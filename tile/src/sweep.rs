//! All lines of one kind solved at once while the other kind is held.
//!
//! A line is a chain: a fixed end, then nodes one segment apart, each with a cell to a held voltage. Seen from the
//! node before, the rest of the chain is a source `J` and an admittance `Y`, built from the open end:
//! `J_k = g_k u_k + q_{k+1} J_{k+1}`, `Y_k = g_k + q_{k+1} Y_{k+1}` with `q_k = 1 / (1 + r_k Y_k)`. From the fixed end
//! on, `v_k = q_k (v_{k-1} + r_k J_k)`. All terms are positive: nothing cancels, and a segment may have no resistance.
//!
//! [`LANES`] lines run side by side. A field is kept in panels of so many lines, in each the nodes from the fixed end
//! on; wordlines and bitlines each have their own layout, the other's transpose. Lines and nodes beyond the tile have
//! no cells and no resistance, and change nothing.

use super::Tile;
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Lines side by side, and the side of the blocks in which a field is transposed.
pub(super) const LANES: usize = 32;

/// One node of each line of a panel.
pub(super) type Lane = [f64; LANES];

/// The lines of one kind.
pub(super) struct Sweep {
    /// Nodes of a line, a multiple of [`LANES`].
    pub(super) nodes: usize,
    /// Conductance of each cell, siemens.
    pub(super) g: Vec<Lane>,
    /// `q` of each node.
    q: Vec<Lane>,
    /// `q r` of each node, ohm.
    qr: Vec<Lane>,
}

impl Sweep {
    /// The wordlines: node `c` is at bitline `c`, line `k` is row `rows - 1 - k`.
    pub(super) fn wordlines(tile: &Tile) -> Self {
        let last = tile.rows - 1;
        Self::new((tile.cols, tile.rows), |node, line| {
            (tile.conductance(last - line, node), tile.left_of(last - line, node))
        })
    }

    /// The bitlines: node `k` is at row `rows - 1 - k`, next to the column's end, line `c` is column `c`.
    pub(super) fn bitlines(tile: &Tile) -> Self {
        let last = tile.rows - 1;
        Self::new((tile.rows, tile.cols), |node, line| {
            (tile.conductance(last - node, line), tile.below(last - node, line))
        })
    }

    /// Lines of the given size, `at(node, line)` being a cell's conductance and the resistance toward the fixed end.
    fn new((nodes, lines): (usize, usize), at: impl Fn(usize, usize) -> (f64, f64)) -> Self {
        let (padded, panels) = (nodes.next_multiple_of(LANES), lines.div_ceil(LANES));
        let blank = [0.0; LANES];
        let mut sweep = Self {
            nodes: padded,
            g: vec![blank; padded * panels],
            q: vec![[1.0; LANES]; padded * panels],
            qr: vec![blank; padded * panels],
        };
        for line in 0..lines {
            let (panel, lane) = (line / LANES * padded, line % LANES);
            let mut beyond = 0.0;
            for node in (0..nodes).rev() {
                let (g, ohms) = at(node, line);
                let y = g + beyond;
                let q = (1.0 + ohms * y).recip();
                sweep.g[panel + node][lane] = g;
                sweep.q[panel + node][lane] = q;
                sweep.qr[panel + node][lane] = q * ohms;
                beyond = q * y;
            }
        }
        sweep
    }

    /// A field of zeros.
    pub(super) fn field(&self) -> Vec<Lane> {
        vec![[0.0; LANES]; self.g.len()]
    }

    /// Voltages of one panel's nodes: `held` in, theirs out, for the fixed ends at `ends`.
    pub(super) fn panel(&self, panel: usize, ends: &Lane, held: &mut [Lane]) {
        let range = panel * self.nodes..(panel + 1) * self.nodes;
        let (g, q, qr) = (&self.g[range.clone()], &self.q[range.clone()], &self.qr[range]);
        Arch::new().dispatch(Chains { g, q, qr, ends, held });
    }

    /// Solves every panel: `held` is in the other kind's layout, of lines of `other` nodes.
    pub(super) fn solve(&self, ends: &[Lane], held: &[Lane], other: usize, out: &mut [Lane]) {
        out.par_chunks_mut(self.nodes).enumerate().for_each(|(panel, out)| {
            transpose(held, other, panel, out);
            self.panel(panel, &ends[panel], out);
        });
    }
}

/// Takes panel `panel` of this kind's layout out of a field in the other's, whose lines have `nodes` nodes.
pub(super) fn transpose(field: &[Lane], nodes: usize, panel: usize, out: &mut [Lane]) {
    for (block, out) in out.chunks_exact_mut(LANES).enumerate() {
        let from = &field[block * nodes + panel * LANES..][..LANES];
        for (lane, from) in from.iter().enumerate() {
            out.iter_mut().zip(from).for_each(|(out, v)| out[lane] = *v);
        }
    }
}

/// Solves the chains of one panel in place.
struct Chains<'a> {
    g: &'a [Lane],
    q: &'a [Lane],
    qr: &'a [Lane],
    ends: &'a Lane,
    held: &'a mut [Lane],
}

impl WithSimd for Chains<'_> {
    type Output = ();

    // The loops vectorise by themselves; the dispatch only says for which instructions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { g, q, qr, ends, held } = self;
        let mut source = [0.0; LANES];
        for ((held, g), q) in held.iter_mut().zip(g).zip(q).rev() {
            // `source` comes from the node beyond, already times its `q`.
            for lane in 0..LANES {
                let j = g[lane] * held[lane] + source[lane];
                held[lane] = j;
                source[lane] = q[lane] * j;
            }
        }
        let mut before = *ends;
        for ((held, q), qr) in held.iter_mut().zip(q).zip(qr) {
            for lane in 0..LANES {
                before[lane] = q[lane] * before[lane] + qr[lane] * held[lane];
                held[lane] = before[lane];
            }
        }
    }
}
