//! All lines of one kind solved at once while the other kind is held.
//!
//! A line is a chain: a fixed end, then nodes one segment apart, each with a cell to a held voltage. Seen from the
//! node before, the rest of the chain is a source `J` and an admittance `Y`, built from the open end:
//! `J_k = i_k + q_{k+1} J_{k+1}`, `Y_k = g_k + q_{k+1} Y_{k+1}` with `q_k = 1 / (1 + r_k Y_k)` and `i_k`, the cell's
//! conductance times the held voltage. From the fixed end on, `v_k = q_k (v_{k-1} + r_k J_k)`. All terms are
//! positive: nothing cancels, and a segment may have no resistance.
//!
//! [`LANES`] lines run side by side. A field is kept in panels of so many lines, in each the nodes from the fixed end
//! on; wordlines and bitlines each have their own layout, the other's transpose. Lines and nodes beyond the tile have
//! no cells and no resistance, and change nothing.

use super::Tile;

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
    /// `r` of each line's first node, ohm.
    pub(super) first: Vec<Lane>,
    /// `r` of the others.
    ohms: f64,
}

impl Sweep {
    /// The wordlines: node `c` is at bitline `c`, line `k` is row `rows - 1 - k`.
    pub(super) fn wordlines(tile: &Tile) -> Self {
        let last = tile.rows - 1;
        let entry = |line| tile.left_of(last - line, 0);
        Self::new((tile.cols, tile.rows), tile.wordline, entry, |node, line| {
            tile.conductance(last - line, node)
        })
    }

    /// The bitlines: node `k` is at row `rows - 1 - k`, next to the column's end, line `c` is column `c`.
    pub(super) fn bitlines(tile: &Tile) -> Self {
        let last = tile.rows - 1;
        let entry = |line| tile.below(last, line);
        Self::new((tile.rows, tile.cols), tile.bitline, entry, |node, line| {
            tile.conductance(last - node, line)
        })
    }

    /// Lines of the given size: `entry(line)` is the resistance between fixed end and first node, `ohms` that of the
    /// other segments, `cell(node, line)` a conductance.
    fn new(
        (nodes, lines): (usize, usize),
        ohms: f64,
        entry: impl Fn(usize) -> f64,
        cell: impl Fn(usize, usize) -> f64,
    ) -> Self {
        let (padded, panels) = (nodes.next_multiple_of(LANES), lines.div_ceil(LANES));
        let (mut g, mut q) = (vec![[0.0; LANES]; padded * panels], vec![[1.0; LANES]; padded * panels]);
        let mut first = vec![[0.0; LANES]; panels];
        first.iter_mut().flatten().zip(0..lines).for_each(|(first, line)| *first = entry(line));
        for (panel, (g, q)) in g.chunks_exact_mut(padded).zip(q.chunks_exact_mut(padded)).enumerate() {
            let mut beyond = [0.0; LANES];
            for node in (0..nodes).rev() {
                for lane in 0..LANES.min(lines - panel * LANES) {
                    g[node][lane] = cell(node, panel * LANES + lane);
                    let ohms = if node == 0 { first[panel][lane] } else { ohms };
                    let y = g[node][lane] + beyond[lane];
                    q[node][lane] = (1.0 + ohms * y).recip();
                    beyond[lane] = q[node][lane] * y;
                }
            }
        }
        Self { nodes: padded, g, q, first, ohms }
    }

    /// A field of zeros.
    pub(super) fn field(&self) -> Vec<Lane> {
        vec![[0.0; LANES]; self.q.len()]
    }

    /// One panel's nodes, for the fixed ends at `ends`: currents `i` in, voltages out.
    #[inline(always)]
    pub(super) fn panel(&self, panel: usize, ends: &Lane, nodes: &mut [Lane]) {
        let q = &self.q[panel * self.nodes..][..self.nodes];
        let mut source = [0.0; LANES];
        for (node, q) in nodes.iter_mut().zip(q).rev() {
            // `source` comes from the node beyond, already times its `q`.
            for lane in 0..LANES {
                node[lane] += source[lane];
                source[lane] = q[lane] * node[lane];
            }
        }
        let (mut before, mut ohms) = (*ends, self.first[panel]);
        for (node, q) in nodes.iter_mut().zip(q) {
            for lane in 0..LANES {
                before[lane] = q[lane] * (before[lane] + ohms[lane] * node[lane]);
                node[lane] = before[lane];
            }
            ohms = [self.ohms; LANES];
        }
    }
}

/// Block `block` of panel `panel` of this kind's layout, out of a field in the other's, whose lines have `nodes` nodes.
#[inline(always)]
pub(super) fn transposed(field: &[Lane], nodes: usize, panel: usize, block: usize) -> [Lane; LANES] {
    let mut out = [[0.0; LANES]; LANES];
    let from = &field[block * nodes + panel * LANES..][..LANES];
    for (lane, from) in from.iter().enumerate() {
        out.iter_mut().zip(from).for_each(|(out, v)| out[lane] = *v);
    }
    out
}
