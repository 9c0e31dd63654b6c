//! Nested dissection: a tile is reduced to its ports by halves.
//!
//! The network of an area is that of its two halves, joined, less the nodes on the cut: those of one bitline's
//! cross-points with the wordlines, or the other way round. An `n x n` tile takes about `30 n^3` operations, nearly
//! all in matrix products, and memory for the largest cuts only, `O(n^2)`.
//!
//! A. George, "Nested dissection of a regular finite element mesh", SIAM J. Numer. Anal. 10 (1973).

use super::Tile;
use super::lattice::{Area, Lattice};
use super::network::{Joined, Network};

/// Areas of so many cross-points are split among threads.
const SHARED: usize = 1024;

/// Reduces areas of one tile.
pub(super) struct Dissection<'a> {
    lattice: Lattice<'a>,
}

impl<'a> Dissection<'a> {
    pub(super) fn new(tile: &'a Tile) -> Self {
        Self { lattice: Lattice::new(tile) }
    }

    /// The whole tile between its sources and sinks, rows first.
    pub(super) fn whole(&self) -> Network {
        self.joined(self.lattice.all()).reduce()
    }

    /// Conductances from each source to each sink: one column of `cols` numbers per row.
    pub(super) fn transfer(&self) -> Vec<f64> {
        let all = self.lattice.all();
        self.joined(all).reduce_between(all.rows.1)
    }

    /// The parts of `area`, joined at the nodes they share.
    fn joined(&self, area: Area) -> Joined {
        let ports = self.lattice.ports(area);
        if area.cells() == 1 {
            let (row, col) = (area.rows.0, area.cols.0);
            let nodes = [
                self.lattice.on_row(row, col),
                self.lattice.on_row(row, col + 1),
                self.lattice.on_col(col, row),
                self.lattice.on_col(col, row + 1),
            ];
            let cell = Network::new(nodes.to_vec(), self.lattice.edges(row, col));
            return Joined::new(&[cell], ports);
        }
        let [a, b] = area.halves();
        let reduce = |half: Area| self.joined(half).reduce();
        let (a, b) = match area.cells() >= SHARED {
            true => rayon::join(|| reduce(a), || reduce(b)),
            false => (reduce(a), reduce(b)),
        };
        Joined::new(&[a, b], ports)
    }

    /// Voltages at every cross-point for those of the drivers, row by row.
    pub(super) fn volts(&self, drivers: &[f64]) -> CrossPoints {
        let Area { rows: (_, rows), cols: (_, cols) } = self.lattice.all();
        let mut volts = vec![0.0; self.lattice.nodes()];
        drivers.iter().enumerate().for_each(|(row, v)| volts[self.lattice.on_row(row, 0) as usize] = *v);
        self.fill(self.lattice.all(), &mut volts);
        let at = |node: u32| volts[node as usize];
        let cross_points = || (0..rows).flat_map(|row| (0..cols).map(move |col| (row, col)));
        CrossPoints {
            wordline: cross_points().map(|(row, col)| at(self.lattice.on_row(row, col + 1))).collect(),
            bitline: cross_points().map(|(row, col)| at(self.lattice.on_col(col, row))).collect(),
        }
    }

    /// Fills `volts`, by node, with the voltages inside `area`, given those of its ports.
    ///
    /// Networks of the halves are made anew at each level: that takes 3.4 times as long as one reduction, and no
    /// memory beyond it.
    fn fill(&self, area: Area, volts: &mut [f64]) {
        let joined = self.joined(area);
        let inner = joined.inner.clone();
        let at_ports: Vec<f64> = joined.ports.iter().map(|node| volts[*node as usize]).collect();
        let found = joined.inner_volts(&at_ports);
        inner.iter().zip(found).for_each(|(node, v)| volts[*node as usize] = v);
        if area.cells() > 1 {
            area.halves().into_iter().for_each(|half| self.fill(half, volts));
        }
    }
}

/// Voltages at the cross-points, row by row.
pub(super) struct CrossPoints {
    pub(super) wordline: Vec<f64>,
    pub(super) bitline: Vec<f64>,
}
