//! A crossbar with wires, reduced to conductances between its ports (Kron reduction).
//!
//! Each cell sits between a node of its wordline and a node of its bitline. A line's nodes are one segment of
//! `r_wire` apart per cross-point; cross-points without a cell merge into a longer segment. With `L` the
//! conductance matrix of the inner nodes and `b_p` their conductances to port `p`, the network seen from the ports
//! has `b_q' L^-1 b_p` between ports `p` and `q`: exact, and independent of the inputs.

use super::flatten::{Array, Edge};
use faer::linalg::solvers::Solve;
use faer::sparse::{SparseColMat, Triplet};
use faer::{Mat, Side};
use memloom::ir::Crossbar;

/// Ports solved for at a time: bounds memory at `PORTS` numbers per inner node.
const PORTS: usize = 32;

/// The inner nodes of a crossbar: `2 k` on the wordline of cell `k`, `2 k + 1` on its bitline.
struct Grid {
    /// Contributions to the conductance matrix, siemens; those at one place add up.
    matrix: Vec<Triplet<usize, usize, f64>>,
    /// Conductances to the ports: rows, then columns.
    ports: Vec<Vec<(usize, f64)>>,
}

impl Grid {
    fn new(crossbar: &Crossbar) -> Self {
        let (rows, cols) = (crossbar.rows() as usize, crossbar.cols() as usize);
        let mut grid = Self { matrix: Vec::new(), ports: vec![Vec::new(); rows + cols] };
        let mut left: Vec<Option<(u32, usize)>> = vec![None; rows];
        let mut above: Vec<Option<(u32, usize)>> = vec![None; cols];
        for (cell, (row, col, g)) in crossbar.cells().enumerate() {
            let (on_row, on_col) = (2 * cell, 2 * cell + 1);
            let segments = |count: u32| (f64::from(count) * crossbar.r_wire()).recip();
            grid.join(on_row, on_col, f64::from(g));
            match left[row as usize].replace((col, on_row)) {
                Some((before, node)) => grid.join(node, on_row, segments(col - before)),
                None => grid.end(row as usize, on_row, segments(col + 1)),
            }
            if let Some((before, node)) = above[col as usize].replace((row, on_col)) {
                grid.join(node, on_col, segments(row - before));
            }
        }
        for (col, last) in above.into_iter().enumerate() {
            if let Some((row, node)) = last {
                let count = crossbar.rows() - row;
                grid.end(rows + col, node, (f64::from(count) * crossbar.r_wire()).recip());
            }
        }
        grid
    }

    fn join(&mut self, a: usize, b: usize, g: f64) {
        self.matrix.extend([
            Triplet::new(a, a, g),
            Triplet::new(b, b, g),
            Triplet::new(a, b, -g),
            Triplet::new(b, a, -g),
        ]);
    }

    fn end(&mut self, port: usize, node: usize, g: f64) {
        self.matrix.push(Triplet::new(node, node, g));
        self.ports[port].push((node, g));
    }
}

/// Conductances between the ports of a wired crossbar, those between two ports that are not `free` left out.
/// `None` if the numbers span too many decades to be solved.
pub(super) fn reduce(array: &Array<'_>, free: impl Fn(u32) -> bool) -> Option<Vec<Edge>> {
    let nodes: Vec<u32> = array.rows.iter().chain(&array.cols).copied().collect();
    let wanted: Vec<usize> = (0..nodes.len()).filter(|port| free(nodes[*port])).collect();
    let size = 2 * array.crossbar.cell_count();
    if size == 0 || wanted.is_empty() {
        return Some(Vec::new());
    }
    let grid = Grid::new(array.crossbar);
    let matrix = SparseColMat::<usize, f64>::try_new_from_triplets(size, size, &grid.matrix).ok()?;
    let factor = matrix.sp_cholesky(Side::Lower).ok()?;
    let mut edges = Vec::new();
    for chunk in wanted.chunks(PORTS) {
        let mut response = Mat::<f64>::zeros(size, chunk.len());
        for (at, port) in chunk.iter().enumerate() {
            grid.ports[*port].iter().for_each(|(node, g)| response[(*node, at)] = *g);
        }
        factor.solve_in_place(&mut response);
        for (at, p) in chunk.iter().enumerate() {
            // A pair of free ports is met twice, and counts once.
            for q in (0..nodes.len()).filter(|q| q > p || !free(nodes[*q])) {
                let g: f64 = grid.ports[q].iter().map(|(node, g)| g * response[(*node, at)]).sum();
                if !g.is_finite() {
                    return None;
                }
                edges.push(Edge { a: nodes[*p], b: nodes[q], g });
            }
        }
    }
    Some(edges)
}
