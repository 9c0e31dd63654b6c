//! Cells that make up for their wires.
//!
//! Current lost along wordlines and bitlines is lost in proportion, so a tile with wires is still a matrix: the
//! effective one, which [`memloom_tile`] gives exactly. Here conductances and feedback resistors are chosen whose
//! effective matrix is the wanted one. Each round solves the tile and gives every cell what its weight lacks; a column
//! whose largest cell would outgrow `g_max` gets a larger feedback resistor, and with it smaller cells. What remains
//! is what flows through cells that are absent, by way of their neighbours.

use super::array::{Array, Sums};
use memloom_tile::{Error, Lines, Tia, Tile};

/// Most rounds: each leaves about the drop's share of the error before it.
const ROUNDS: usize = 12;
/// A weight is met that is so near, of `g_max`: a tenth of a step of 64 levels.
const NEAR: f64 = 1.5e-3;

/// Cells and feedback for `sums` on wires of `r_wire` ohm a segment, read by op-amps of open-loop gain `gain`; `feedback`
/// is what it would be without wires.
///
/// # Errors
/// If the tile is none that can be solved.
pub(super) fn compensate(
    sums: &Sums<'_>,
    feedback: Vec<f64>,
    r_wire: f64,
    gain: f64,
) -> Result<Array, Error> {
    let mut wanted = sums.array(feedback);
    let mut cells = wanted.clone();
    for _ in 0..ROUNDS {
        let effective = effective(&cells, r_wire, gain)?;
        let worst = correct(sums, &wanted, &mut cells, &effective);
        let grown = shrink(sums, &mut wanted, &mut cells);
        if worst < NEAR * sums.cell.g_max && !grown {
            break;
        }
    }
    Ok(cells)
}

/// Siemens from each wordline to each bitline, as the wanted conductances count them: an amplifier's own loss included.
fn effective(cells: &Array, r_wire: f64, gain: f64) -> Result<Vec<f64>, Error> {
    let tia = |r_f: &f64| Tia { r_f: *r_f, gain };
    // The second amplifier of a pair sees more than its column, so pairs are taken for ideal.
    let single = cells.cols == cells.feedback.len();
    let terminations = match single && gain.is_finite() {
        true => cells.feedback.iter().map(|r_f| tia(r_f).input_resistance()).collect(),
        false => Vec::new(),
    };
    let loss = if single { tia(&1.0).transfer().abs() } else { 1.0 };
    let lines = Lines { wordline: r_wire, bitline: r_wire, drivers: Vec::new(), terminations };
    let tile = Tile::new(cells.rows.len(), cells.cols, cells.conductance.clone(), &lines)?;
    let mut siemens = tile.effective().as_slice().to_vec();
    siemens.iter_mut().for_each(|g| *g *= loss);
    Ok(siemens)
}

/// Gives each cell what its weight lacks; the largest lack, siemens.
fn correct(sums: &Sums<'_>, wanted: &Array, cells: &mut Array, effective: &[f64]) -> f64 {
    let (cols, mut worst) = (cells.cols, 0.0_f64);
    let before = cells.conductance.clone();
    for at in (0..before.len()).filter(|at| before[*at] != 0.0) {
        let across = cells.across(sums.scheme, at / cols, at % cols).map(|(row, col)| row * cols + col);
        let (mut target, mut given) = (wanted.conductance[at], effective[at]);
        // Of a pair, the cell that holds the weight makes up for both; the other one holds its own.
        if let Some(across) =
            across.filter(|across| before[*across] == 0.0 || wanted.conductance[*across] < target)
        {
            target -= wanted.conductance[across];
            given -= effective[across];
        }
        worst = worst.max((target - given).abs());
        cells.conductance[at] =
            (before[at] + (target - given) * before[at] / effective[at]).max(sums.cell.g_min);
    }
    worst
}

/// Gives columns whose cells outgrow `g_max` a larger feedback; whether there were any.
fn shrink(sums: &Sums<'_>, wanted: &mut Array, cells: &mut Array) -> bool {
    let (cols, outputs) = (cells.cols, cells.feedback.len());
    let mut grown = vec![1.0_f64; outputs];
    for (at, g) in cells.conductance.iter().enumerate() {
        let output = at % cols % outputs;
        grown[output] = grown[output].max(g / sums.cell.g_max);
    }
    if grown.iter().all(|by| *by <= 1.0) {
        return false;
    }
    let feedback = cells.feedback.iter().zip(&grown).map(|(r_f, by)| r_f * by).collect();
    let smaller = sums.array(feedback);
    if smaller.rows == cells.rows {
        // What a cell was given for its wires, it keeps in proportion.
        for (at, g) in cells.conductance.iter_mut().enumerate() {
            let (was, is) = (wanted.conductance[at], smaller.conductance[at]);
            let share = if was == 0.0 || *g == 0.0 { 1.0 } else { *g / was };
            *g = if is == 0.0 { 0.0 } else { (is * share).clamp(sums.cell.g_min, sums.cell.g_max) };
        }
        cells.feedback.clone_from(&smaller.feedback);
    } else {
        // Small weights took partners, on wordlines that were not there: from the beginning.
        *cells = smaller.clone();
    }
    *wanted = smaller;
    true
}
