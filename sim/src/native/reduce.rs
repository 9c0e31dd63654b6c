//! A crossbar with wires, as the conductances between its ports.

use super::Error;
use super::flat::{Array, Edge, Flat};
use memloom_ir::{Crossbar, Parasitics, siemens};
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

/// A crossbar between its ports: with its wires, the resistances at their ends, and its contacts.
///
/// # Errors
/// If it has no cells, too many lines, or conductances or wires beyond all sense: see [`tile::Error`].
pub fn wired(crossbar: &Crossbar) -> Result<Tile, tile::Error> {
    let mut conductance = vec![0.0; crossbar.conductance().len()];
    for (row, col, g) in crossbar.cells() {
        conductance[(row * crossbar.cols() + col) as usize] = siemens(g);
    }
    let Parasitics { r_wordline, r_bitline, r_driver, r_sense, r_contact, .. } = crossbar.parasitics();
    let lines = Lines {
        wordline: r_wordline.get(),
        bitline: r_bitline.get(),
        drivers: vec![r_driver.get()],
        terminations: vec![r_sense.get()],
        contact: r_contact.get(),
    };
    Tile::new(crossbar.rows() as usize, crossbar.cols() as usize, conductance, &lines)
}
