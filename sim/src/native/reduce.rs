//! A crossbar with wires, as the conductances between its ports.

use super::Error;
use super::flatten::{Array, Edge, Flat};
use memloom_ir::{Crossbar, siemens};
use memloom_tile::{self as tile, Lines, Tile};

/// Conductances between the ports of a wired crossbar, those between two ports that are not `free` left out.
pub(super) fn reduce(
    flat: &Flat<'_>,
    array: &Array<'_>,
    free: impl Fn(u32) -> bool,
) -> Result<Vec<Edge>, Error> {
    let nodes: Vec<u32> = array.rows.iter().chain(&array.cols).copied().collect();
    let is_free: Vec<bool> = nodes.iter().map(|node| free(*node)).collect();
    let tile =
        wired(&array.crossbar).map_err(|error| Error::Tile { path: flat.names.path(array.at), error })?;
    let between = tile.ports();
    let pairs = (0..nodes.len()).flat_map(|p| (p + 1..nodes.len()).map(move |q| (p, q)));
    let edges = pairs.filter(|(p, q)| is_free[*p] || is_free[*q]).filter_map(|(p, q)| {
        let g = between.between(p, q);
        (g > 0.0).then_some(Edge { a: nodes[p], b: nodes[q], g })
    });
    Ok(edges.collect())
}

/// A crossbar with its wires, between drivers and terminations without resistance.
///
/// # Errors
/// If it has no cells, too many lines, or conductances or wires beyond all sense: see [`tile::Error`].
pub fn wired(crossbar: &Crossbar) -> Result<Tile, tile::Error> {
    let mut conductance = vec![0.0; crossbar.conductance().len()];
    for (row, col, g) in crossbar.cells() {
        conductance[(row * crossbar.cols() + col) as usize] = siemens(g);
    }
    let r_wire = crossbar.r_wire();
    let lines = Lines { wordline: r_wire, bitline: r_wire, ..Lines::default() };
    Tile::new(crossbar.rows() as usize, crossbar.cols() as usize, conductance, &lines)
}
