use super::per_crossbar;
use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Cell, Crossbar};

/// A target conductance lies in its cell's programmable range.
pub(super) const RULE: Rule = Rule {
    code: "ML004",
    level: Level::Error,
    text: "a target conductance lies in its cell's range",
    help: "rescale the weights, or leave the cell out",
};

/// Targets are f32: one that was computed as exactly `g_min` or `g_max` may lie a rounding beyond it.
const ROUNDING: f64 = f32::EPSILON as f64;

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let cells = &scope.design.cells;
    per_crossbar(scope, |array| breach(array, &cells[array.cell()], cells.name(array.cell())))
}

/// One finding per array: its first cell out of range, and how many there are.
fn breach(array: &Crossbar, cell: &Cell, cell_name: &str) -> Option<String> {
    let (low, high) = (cell.g_min * (1.0 - ROUNDING), cell.g_max * (1.0 + ROUNDING));
    // Negated, so that a NaN is out of range too.
    let outside = |g: f32| !(f64::from(g) >= low && f64::from(g) <= high);
    let mut bad = array.cells().filter(|(_, _, g)| outside(*g));
    let (row, col, g) = bad.next()?;
    let more = match bad.count() {
        0 => String::new(),
        n => format!(" (and {n} more)"),
    };
    let (g_min, g_max) = (cell.g_min, cell.g_max);
    let sign = match array.cells().any(|(_, _, g)| g < 0.0) {
        true => "; a conductance has no sign: for negative weights write `signed = dual_rail` in #[crossbar]",
        false => "",
    };
    Some(format!(
        "the cell at row {row}, column {col} is to be {g:e} S, outside `{cell_name}`'s {g_min:e} to {g_max:e} S{more}{sign}"
    ))
}
