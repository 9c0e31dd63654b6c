//! Flicker noise, which is slower than an image: an offset of each op-amp and a deviation of each cell; see
//! [`Flicker`](crate::chip::Flicker).

use super::flat::Flat;
use super::loads::Loads;
use super::options::Setting;
use super::physics::Stage;
use memloom_ir::siemens;
use std::borrow::Cow;
use std::collections::HashMap;

/// Stands for wordlines, of which none is an op-amp's output.
const WORDLINES: u32 = u32::MAX;

/// Adds what the chip of `setting` has of it to the parts of `flat`, before wires are solved.
pub(super) fn flicker(flat: &mut Flat<'_>, setting: Setting<'_>) {
    let Some(chip) = setting.chip else { return };
    let of_amps = flat.amps.iter().any(|amp| amp.corner > 0.0 && amp.density > 0.0);
    let of_cells = flat.arrays.iter().any(|array| array.flicker > 0.0);
    let from = chip.spec().flicker.time.recip();
    if from.is_infinite() || !(of_amps || of_cells) {
        return;
    }
    let stages = stages(flat);
    let offset = |(amp, stage): (&super::flat::Amp, &Option<Stage>)| {
        let sigma = stage.map_or(0.0, |stage| amp.density * (amp.corner * stage.flicker(from)).sqrt());
        chip.flicker(&flat.path_of(amp.at), sigma)
    };
    let offsets: Vec<f64> = flat.amps.iter().zip(&stages).map(offset).collect();
    let holders: HashMap<u32, Stage> =
        flat.amps.iter().zip(&stages).filter_map(|(amp, stage)| Some((amp.inn, (*stage)?))).collect();
    let made = |array: &super::flat::Array<'_>| {
        let of_column = |col: &u32| holders.get(col).map_or(0.0, |stage| stage.flicker_of_current(from));
        let sigma = |col: &u32| (array.flicker * of_column(col)).sqrt();
        let sigma: Vec<f64> = array.cols.iter().map(sigma).collect();
        (array.flicker > 0.0).then(|| chip.flickered(&flat.path_of(array.at), &array.crossbar, &sigma))
    };
    let made: Vec<_> = flat.arrays.iter().map(made).collect();
    flat.amps.iter_mut().zip(offsets).for_each(|(amp, volts)| amp.offset += volts);
    for (array, made) in flat.arrays.iter_mut().zip(made) {
        if let Some(crossbar) = made {
            array.crossbar = Cow::Owned(crossbar);
        }
    }
}

/// The stage around each op-amp, without what wires take from it.
fn stages(flat: &Flat<'_>) -> Vec<Option<Stage>> {
    let mut edges: HashMap<u32, Vec<(u32, f64)>> =
        flat.amps.iter().map(|amp| (amp.inn, Vec::new())).collect();
    let mut add = |node: u32, other: u32, g: f64| {
        if let Some(edges) = edges.get_mut(&node) {
            edges.push((other, g));
        }
    };
    for edge in flat.resistors.iter().filter(|edge| edge.a != edge.b) {
        add(edge.a, edge.b, edge.g);
        add(edge.b, edge.a, edge.g);
    }
    for array in &flat.arrays {
        let parasitics = array.crossbar.parasitics();
        let mut sums = vec![0.0; array.cols.len()];
        array.crossbar.cells().for_each(|(_, col, g)| sums[col as usize] += parasitics.through(siemens(g)));
        array.cols.iter().zip(sums).for_each(|(col, g)| add(*col, WORDLINES, g));
    }
    let loads = Loads::new(flat);
    flat.amps.iter().map(|amp| loads.stage(amp, &edges[&amp.inn])).collect()
}
