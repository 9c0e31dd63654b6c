//! Numbers for the nodes of a tile, and the conductances at each cross-point.
//!
//! Node 0 of a wordline is its source, node `c + 1` its cross-point with bitline `c`. Node `r` of a bitline is its
//! cross-point with wordline `r`, node `rows` its sink. Nodes without resistance between them are one node.

use super::Tile;

/// The cross-points of `rows` with `cols`, each with the wire segment to its left and the one below it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub(super) rows: (usize, usize),
    pub(super) cols: (usize, usize),
}

impl Area {
    pub(super) fn cells(self) -> usize {
        (self.rows.1 - self.rows.0) * (self.cols.1 - self.cols.0)
    }

    /// Two halves of an area of more than one cross-point, cut across the longer side.
    pub(super) fn halves(self) -> [Self; 2] {
        let middle = |(from, to): (usize, usize)| from + (to - from) / 2;
        if self.cols.1 - self.cols.0 >= self.rows.1 - self.rows.0 {
            let cut = middle(self.cols);
            [Self { cols: (self.cols.0, cut), ..self }, Self { cols: (cut, self.cols.1), ..self }]
        } else {
            let cut = middle(self.rows);
            [Self { rows: (self.rows.0, cut), ..self }, Self { rows: (cut, self.rows.1), ..self }]
        }
    }
}

/// Nodes of a tile.
pub(super) struct Lattice<'a> {
    tile: &'a Tile,
}

impl<'a> Lattice<'a> {
    pub(super) fn new(tile: &'a Tile) -> Self {
        Self { tile }
    }

    /// The whole tile.
    pub(super) fn all(&self) -> Area {
        Area { rows: (0, self.tile.rows), cols: (0, self.tile.cols) }
    }

    /// How many numbers there are for nodes.
    pub(super) fn nodes(&self) -> usize {
        let Tile { rows, cols, .. } = self.tile;
        rows * (cols + 1) + cols * (rows + 1)
    }

    /// Node `at` of wordline `row`.
    pub(super) fn on_row(&self, row: usize, at: usize) -> u32 {
        let tile = self.tile;
        let at = match at {
            0 => 0,
            _ if tile.wordline > 0.0 => at,
            _ => usize::from(tile.drivers[row] > 0.0),
        };
        (row * (tile.cols + 1) + at) as u32
    }

    /// Node `at` of bitline `col`.
    pub(super) fn on_col(&self, col: usize, at: usize) -> u32 {
        let tile = self.tile;
        let at = match at {
            at if at == tile.rows || tile.bitline > 0.0 => at,
            _ if tile.terminations[col] > 0.0 => tile.rows - 1,
            _ => tile.rows,
        };
        (tile.rows * (tile.cols + 1) + col * (tile.rows + 1) + at) as u32
    }

    /// Nodes of `area` that the outside touches: neighbours, sources and sinks. Ascending.
    pub(super) fn ports(&self, area: Area) -> Vec<u32> {
        let ((top, bottom), (left, right)) = (area.rows, area.cols);
        let mut ports = Vec::with_capacity(2 * (bottom - top + right - left));
        for row in top..bottom {
            ports.push(self.on_row(row, left));
            if right < self.tile.cols {
                ports.push(self.on_row(row, right));
            }
        }
        for col in left..right {
            if top > 0 {
                ports.push(self.on_col(col, top));
            }
            ports.push(self.on_col(col, bottom));
        }
        ports.dedup();
        ports
    }

    /// The conductances at a cross-point: wordline segment, cell and bitline segment, where there are such.
    pub(super) fn edges(&self, row: usize, col: usize) -> impl Iterator<Item = (u32, u32, f64)> {
        let tile = self.tile;
        let (word, bit) = (self.on_row(row, col + 1), self.on_col(col, row));
        let wires = [
            (self.on_row(row, col), word, tile.left_of(row, col)),
            (bit, self.on_col(col, row + 1), tile.below(row, col)),
        ];
        let segments = wires.into_iter().filter(|(a, b, _)| a != b).map(|(a, b, ohms)| (a, b, ohms.recip()));
        let g = tile.conductance(row, col);
        segments.chain((g > 0.0).then_some((word, bit, g)))
    }
}
