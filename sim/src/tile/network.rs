//! A resistor network as the conductances between its ports, and how two of them join.
//!
//! Inner nodes are eliminated in the form of Grassmann, Taksar and Heyman: only conductances between different nodes
//! are kept, all of them positive, and each pivot is their sum. Nothing is subtracted, so that each conductance
//! keeps its relative precision however many decades lie between wires and cells. Many nodes at once are eliminated
//! by a Cholesky factor `L L'` of their block, `C += Y' Y` with `Y = inv(L) B`, whose terms are positive too.

use super::Error;
use faer::linalg::matmul::{matmul, triangular};
use faer::linalg::triangular_solve::solve_lower_triangular_in_place;
use faer::{Accum, MatMut, MatRef, Par, Side};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Up to so many nodes are eliminated one by one.
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
    pub(super) fn reduce(mut self) -> Result<Network, Error> {
        let (inner, size) = (self.inner.len(), self.size());
        if inner <= FEW {
            Arch::new().dispatch(OneByOne { between: &mut self.between, size, inner });
        } else {
            self.factor()?;
            let (factored, rest) = self.between.split_at_mut(inner * size);
            let y = MatRef::from_column_major_slice(factored, size, inner).subrows(inner, size - inner);
            add_squares(y, rest, size);
        }
        let ports = self.ports.len();
        let mut between = vec![0.0; ports * ports];
        for (j, column) in between.chunks_exact_mut(ports.max(1)).enumerate() {
            column[j..].copy_from_slice(&self.between[(inner + j) * size + inner + j..][..ports - j]);
        }
        Ok(Network { ports: self.ports, between })
    }

    /// Conductances between ports `from` and `to`, two ranges of places in [`Joined::ports`], of which `to` comes
    /// last: `to.len()` rows, one column for each of `from`.
    pub(super) fn reduce_between(mut self, from: usize) -> Result<Vec<f64>, Error> {
        let (inner, size) = (self.inner.len(), self.size());
        let to = self.ports.len() - from;
        if inner > 0 {
            self.factor()?;
        }
        let (factored, rest) = self.between.split_at_mut(inner * size);
        let mut result = vec![0.0; from * to];
        let y = MatRef::from_column_major_slice(factored, size, inner);
        let blocks = result.par_chunks_mut((to * BLOCK).max(1)).zip(rest.par_chunks((size * BLOCK).max(1)));
        blocks.enumerate().for_each(|(block, (result, direct))| {
            let width = result.len() / to;
            for (result, direct) in result.chunks_exact_mut(to).zip(direct.chunks_exact(size)) {
                result.copy_from_slice(&direct[inner + from..]);
            }
            let result = MatMut::from_column_major_slice_mut(result, to, width);
            let (high, low) = (y.subrows(inner + from, to), y.subrows(inner + block * BLOCK, width));
            matmul(result, Accum::Add, high, low.transpose(), 1.0, Par::Seq);
        });
        Ok(result)
    }

    /// Voltages of the inner nodes for those of the ports.
    pub(super) fn inner_volts(mut self, volts: &[f64]) -> Result<Vec<f64>, Error> {
        let (inner, size) = (self.inner.len(), self.size());
        let mut currents: Vec<f64> = Vec::with_capacity(inner);
        for column in self.between.chunks_exact(size.max(1)).take(inner) {
            currents.push(column[inner..].iter().zip(volts).map(|(g, v)| g * v).sum());
        }
        if inner > 0 {
            let factor = self.inner_factor()?;
            let rhs = MatMut::from_column_major_slice_mut(&mut currents, inner, 1);
            faer::linalg::solvers::SolveCore::solve_in_place_with_conj(&factor, faer::Conj::No, rhs);
        }
        Ok(currents)
    }

    /// Cholesky factor of the inner nodes' conductance matrix.
    fn inner_factor(&mut self) -> Result<faer::linalg::solvers::Llt<f64>, Error> {
        let (inner, size) = (self.inner.len(), self.size());
        let mut sums = vec![0.0; inner];
        for j in 0..inner {
            let column = &self.between[j * size..][..size];
            sums[j] += column[j + 1..].iter().sum::<f64>();
            sums[j + 1..].iter_mut().zip(&column[j + 1..]).for_each(|(sum, g)| *sum += g);
        }
        let matrix = faer::Mat::from_fn(inner, inner, |i, j| match i.cmp(&j) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => sums[j],
            std::cmp::Ordering::Greater => -self.between[j * size + i],
        });
        matrix.llt(Side::Lower).map_err(|_| Error::Conditioning("wire resistance"))
    }

    /// Turns the inner nodes' conductances to the ports into `Y'`.
    fn factor(&mut self) -> Result<(), Error> {
        let (inner, size) = (self.inner.len(), self.size());
        let factor = self.inner_factor()?;
        let columns = MatMut::from_column_major_slice_mut(&mut self.between[..inner * size], size, inner);
        divide(columns.subrows_mut(inner, size - inner), factor.L());
        Ok(())
    }
}

/// `B inv(L)'` in place of `B`.
fn divide(rows: MatMut<'_, f64>, lower: MatRef<'_, f64>) {
    if rows.nrows() <= BLOCK {
        return solve_lower_triangular_in_place(lower, rows.transpose_mut(), Par::Seq);
    }
    let half = rows.nrows().div_ceil(2 * BLOCK) * BLOCK;
    let (upper, rest) = rows.split_at_row_mut(half);
    rayon::join(|| divide(upper, lower), || divide(rest, lower));
}

/// Adds `Y' Y` to the lower triangle of the last `y.nrows()` rows of the columns `c`, each of `size` numbers.
fn add_squares(y: MatRef<'_, f64>, c: &mut [f64], size: usize) {
    let (rows, inner) = (y.nrows(), y.ncols());
    c.par_chunks_mut((size * BLOCK).max(1)).enumerate().for_each(|(block, c)| {
        let (first, width) = (block * BLOCK, c.len() / size);
        let c = MatMut::from_column_major_slice_mut(c, size, width).subrows_mut(size - rows + first, rows - first);
        let (square, below) = c.split_at_row_mut(width);
        let here = y.get(first..first + width, ..inner);
        let lower = triangular::BlockStructure::TriangularLower;
        let full = triangular::BlockStructure::Rectangular;
        triangular::matmul(square, lower, Accum::Add, here, full, here.transpose(), full, 1.0, Par::Seq);
        matmul(below, Accum::Add, y.get(first + width.., ..inner), here.transpose(), 1.0, Par::Seq);
    });
}

/// Eliminates the first `inner` nodes, one after the other.
struct OneByOne<'a> {
    between: &'a mut [f64],
    size: usize,
    inner: usize,
}

impl WithSimd for OneByOne<'_> {
    type Output = ();

    // The loop vectorises by itself; the dispatch only says for which instructions.
    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { between, size, inner } = self;
        for node in 0..inner {
            let (done, rest) = between.split_at_mut((node + 1) * size);
            let column = &done[node * size..];
            let pivot: f64 = column[node + 1..].iter().sum();
            for j in node + 1..size {
                let share = column[j] / pivot;
                // Zero too where nothing is left of the node's conductances but zeros.
                if share > 0.0 {
                    let to = &mut rest[(j - node - 1) * size..][j + 1..size];
                    to.iter_mut().zip(&column[j + 1..]).for_each(|(c, g)| *c += share * g);
                }
            }
        }
    }
}
