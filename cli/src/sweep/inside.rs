//! What a circuit looks like inside: how its conductances spread, and what its wires take from a tile.

use super::plot::{Labels, Plot, heat_map, histogram};
use crate::Result;
use memloom::ir::{ABSENT, Crossbar, Element, Parasitics};
use memloom_flow::Lowered;
use memloom_sim::native::wired;

/// Bars of the histogram.
const BINS: usize = 50;
/// Most squares of the heat map in each direction; larger tiles are drawn by the mean of several cells.
const SQUARES: usize = 64;

/// What the pictures show, as a part of their files' names; the last is drawn for circuits with wires.
pub(super) const TITLES: [&str; 2] = ["target conductances", "IR drop"];

/// The histogram of `job`'s target conductances; with wires also the heat map of its fullest tile.
pub(super) fn inside(job: &Lowered) -> Result<Vec<Plot>> {
    let mut plots = vec![conductances(job)?];
    if job.plan.technology.parasitics.has_lines() {
        plots.extend(drops(job)?);
    }
    Ok(plots)
}

/// Every tile of the circuit, its module's name with it.
fn tiles(job: &Lowered) -> impl Iterator<Item = (&str, &Crossbar)> {
    job.circuit.design.modules.iter().flat_map(|(_, name, module)| {
        module.instances.iter().filter_map(move |(_, _, instance)| match &instance.element {
            Element::Crossbar(crossbar) => Some((name, crossbar)),
            _ => None,
        })
    })
}

fn conductances(job: &Lowered) -> Result<Plot> {
    let top = job.plan.technology.cell.spec.g_max;
    let mut counts = vec![0_u64; BINS];
    for (_, _, g) in tiles(job).flat_map(|(_, crossbar)| crossbar.cells()) {
        counts[((f64::from(g) / top * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    let labels = Labels { title: TITLES[0], x: "conductance, uS", y: "cells, thousands" };
    let bars: Vec<f64> = counts.iter().map(|count| *count as f64 / 1e3).collect();
    histogram(&labels, 1e6 * top, &bars)
}

/// The voltage that each cell of the fullest tile lacks when every wordline is driven alike; none if there is no tile.
fn drops(job: &Lowered) -> Result<Option<Plot>> {
    let Some((name, crossbar)) = tiles(job).fold(None, |best: Option<(&str, &Crossbar)>, tile| match best {
        Some(best) if best.1.cell_count() >= tile.1.cell_count() => Some(best),
        _ => Some(tile),
    }) else {
        return Ok(None);
    };
    let (rows, cols) = (crossbar.rows() as usize, crossbar.cols() as usize);
    let point = wired(crossbar)?.solve(&vec![1.0; rows])?;
    let lack = |row: usize, col: usize| match crossbar.row(row as u32)[col] {
        ABSENT => None,
        _ => Some(100.0 * (1.0 - point.wordline[row * cols + col] + point.bitline[row * cols + col])),
    };
    let step = rows.max(cols).div_ceil(SQUARES);
    let (down, across) = (rows.div_ceil(step), cols.div_ceil(step));
    let square = |at: usize| {
        let (row, col) = (at / across * step, at % across * step);
        let cells =
            (row..rows.min(row + step)).flat_map(|r| (col..cols.min(col + step)).map(move |c| (r, c)));
        let lacks: Vec<f64> = cells.filter_map(|(r, c)| lack(r, c)).collect();
        // NaN where there is no cell: left white.
        lacks.iter().sum::<f64>() / lacks.len() as f64
    };
    let field: Vec<f64> = (0..down * across).map(square).collect();
    let Parasitics { r_wordline, r_bitline, .. } = crossbar.parasitics();
    let wires = match r_wordline == r_bitline {
        true => format!("{r_bitline}"),
        false => format!("{r_wordline} along wordlines, {r_bitline} along bitlines"),
    };
    let title = format!("{} in tile {name}, wires of {wires}", TITLES[1]);
    let x = format!("bitline (of {cols}; {step} a square), wordlines driven from the left");
    let y = format!("wordline (of {rows}), read at the bottom");
    heat_map(&Labels { title: &title, x: &x, y: &y }, across, &field, "% of the read voltage").map(Some)
}
