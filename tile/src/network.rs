//! A resistor network as the conductances between its ports, and how two of them join.
//!
//! Inner nodes are eliminated in the form of Grassmann, Taksar and Heyman (Operations Research 33, 1985): only
//! conductances between different nodes are kept, all of them positive, and each pivot is their sum. Nothing is ever
//! subtracted, so each conductance keeps its relative precision however many decades lie between wires and cells.
//! Many nodes are eliminated in panels, with what the panel leaves to the rest as a matrix product `C += Y Y'`.

use nalgebra::{DMatrixView, DMatrixViewMut};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Nodes of a panel.
const PANEL: usize = 32;
/// Up to so many nodes are eliminated without products.
const FEW: usize = 16;
/// Columns of one block of a product: blocks are shared out among threads, and do not depend on their number.
const BLOCK: usize = 128;

/// Conductances between ports.
pub(super) struct Network {
    /// Nodes, ascending.
    pub(super) ports: Vec<u32>,
    /// Siemens between ports `i > j` at `j * ports.len() + i`; the rest of the square has no meaning.
    pub(super) between: Vec<f64>,
}

impl Network {
    /// A network of the given conductances, all of whose nodes are ports.
    pub(super) fn new(mut ports: Vec<u32>, edges: impl Iterator<Item = (u32, u32, f64)>) -> Self {
        ports.sort_unstable();
        ports.dedup();
        let mut between = vec![0.0; ports.len() * ports.len()];
        let place = |node: u32| ports.binary_search(&node).expect("both ends of a conductance are ports");
        for (a, b, g) in edges {
            let (a, b) = (place(a), place(b));
            between[a.min(b) * ports.len() + a.max(b)] += g;
        }
        Self { ports, between }
    }
}

/// Networks joined at the nodes they share, with the nodes to be eliminated first.
pub(super) struct Joined {
    /// Nodes to be eliminated, ascending.
    pub(super) inner: Vec<u32>,
    /// Those that stay, ascending.
    pub(super) ports: Vec<u32>,
    /// Conductances as in [`Network`], inner nodes before ports.
    between: Vec<f64>,
}

impl Joined {
    /// Joins networks, all of whose nodes but `ports` are to be eliminated.
    pub(super) fn new(networks: &[Network], ports: Vec<u32>) -> Self {
        let mut inner: Vec<u32> = networks.iter().flat_map(|network| &network.ports).copied().collect();
        inner.sort_unstable();
        inner.dedup();
        inner.retain(|node| ports.binary_search(node).is_err());
        let size = inner.len() + ports.len();
        let mut between = vec![0.0; size * size];
        for network in networks {
            let place = |node: &u32| match inner.binary_search(node) {
                Ok(at) => at,
                Err(_) => inner.len() + ports.binary_search(node).expect("a node is inner or a port"),
            };
            let places: Vec<usize> = network.ports.iter().map(place).collect();
            for (j, column) in network.between.chunks_exact(places.len().max(1)).enumerate() {
                for (g, i) in column.iter().zip(&places).skip(j + 1) {
                    between[places[j].min(*i) * size + places[j].max(*i)] += g;
                }
            }
        }
        Self { inner, ports, between }
    }

    fn size(&self) -> usize {
        self.inner.len() + self.ports.len()
    }

    /// The network as its ports see it.
    pub(super) fn reduce(mut self) -> Network {
        let (inner, size, ports) = (self.inner.len(), self.size(), self.ports.len());
        self.eliminate();
        let (columns, rest) = self.between.split_at_mut(inner * size);
        if inner > FEW {
            add_squares(DMatrixView::from_slice(columns, size, inner), rest, inner);
        }
        let mut between = vec![0.0; ports * ports];
        for (j, column) in between.chunks_exact_mut(ports.max(1)).enumerate() {
            column[j..].copy_from_slice(&rest[j * size + inner + j..][..ports - j]);
        }
        Network { ports: self.ports, between }
    }

    /// Conductances of the first `from` ports to the others: a column of numbers for each of the first.
    pub(super) fn reduce_between(mut self, from: usize) -> Vec<f64> {
        let (inner, size) = (self.inner.len(), self.size());
        let to = self.ports.len() - from;
        self.eliminate();
        let (columns, rest) = self.between.split_at(inner * size);
        let y = DMatrixView::from_slice(columns, size, inner);
        let mut result = vec![0.0; from * to];
        let blocks = result.par_chunks_mut(to * BLOCK).zip(rest.par_chunks(size * BLOCK));
        blocks.enumerate().for_each(|(block, (result, direct))| {
            for (result, direct) in result.chunks_exact_mut(to).zip(direct.chunks_exact(size)) {
                result.copy_from_slice(&direct[inner + from..]);
            }
            if inner > FEW {
                let width = result.len() / to;
                let (low, high) = (y.rows(inner + from, to), y.rows(inner + block * BLOCK, width));
                DMatrixViewMut::from_slice(result, to, width).gemm(1.0, &low, &high.transpose(), 1.0);
            }
        });
        result
    }

    /// Voltages of the inner nodes for those of the ports: each is a mean of those eliminated after it.
    pub(super) fn inner_volts(mut self, volts: &[f64]) -> Vec<f64> {
        let (inner, size) = (self.inner.len(), self.size());
        self.eliminate();
        let mut all = [&vec![0.0; inner], volts].concat();
        for node in (0..inner).rev() {
            let column = &self.between[node * size..][node + 1..size];
            let weighted: f64 = column.iter().zip(&all[node + 1..]).map(|(g, v)| g * v).sum();
            let total: f64 = column.iter().sum();
            all[node] = if total > 0.0 { weighted / total } else { 0.0 };
        }
        all.truncate(inner);
        all
    }

    /// Eliminates the inner nodes; their columns are left as `Y`. A few of them are also taken from the ports.
    fn eliminate(&mut self) {
        let (inner, size) = (self.inner.len(), self.size());
        if inner <= FEW {
            return Arch::new().dispatch(Panel { columns: &mut self.between, size, first: 0, nodes: inner });
        }
        for first in (0..inner).step_by(PANEL) {
            let next = inner.min(first + PANEL);
            let (done, rest) = self.between.split_at_mut(next * size);
            let panel = &mut done[first * size..];
            Arch::new().dispatch(Panel { columns: panel, size, first, nodes: next - first });
            let y = DMatrixView::from_slice(panel, size, next - first);
            add_squares(y, &mut rest[..(inner - next) * size], next);
        }
    }
}

/// Adds `Y Y'` to the columns `c`, of which the first is column `first` of the square matrix, below its diagonal; what a
/// block has above it loses its meaning.
fn add_squares(y: DMatrixView<'_, f64>, c: &mut [f64], first: usize) {
    let size = y.nrows();
    c.par_chunks_mut(size * BLOCK).enumerate().for_each(|(block, c)| {
        let (from, width) = (first + block * BLOCK, c.len() / size);
        let mut c = DMatrixViewMut::from_slice(c, size, width);
        let (below, here) = (y.rows(from, size - from), y.rows(from, width));
        c.rows_mut(from, size - from).gemm(1.0, &below, &here.transpose(), 1.0);
    });
}

/// Eliminates `nodes` nodes, the first of which has row `first`, from the columns that begin with theirs.
struct Panel<'a> {
    columns: &'a mut [f64],
    size: usize,
    first: usize,
    nodes: usize,
}

impl WithSimd for Panel<'_> {
    type Output = ();

    // The loops vectorise by themselves; the dispatch only says for which instructions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { columns, size, first, nodes } = self;
        for node in 0..nodes {
            let (done, rest) = columns.split_at_mut((node + 1) * size);
            let column = &mut done[node * size + first + node + 1..];
            let pivot: f64 = column.iter().sum();
            // Zero where the numbers are too small to be told from it.
            let scale = if pivot > 0.0 { pivot.sqrt().recip() } else { 0.0 };
            column.iter_mut().for_each(|g| *g *= scale);
            for (j, to) in rest.chunks_exact_mut(size).enumerate() {
                let (y, to) = (&column[j..], &mut to[first + node + 1 + j..]);
                if y[0] > 0.0 {
                    let share = y[0];
                    to.iter_mut().zip(y).for_each(|(c, y)| *c += share * y);
                }
            }
        }
    }
}
