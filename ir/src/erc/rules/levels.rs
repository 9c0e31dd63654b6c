use super::per_crossbar;
use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Cell, Crossbar};

/// A cell with levels can be programmed to no conductance between them. Allowed unless asked for: a target is what
/// is wanted, and what a programmer makes of it is a matter of evaluation.
pub(super) const RULE: Rule = Rule {
    code: "ML009",
    level: Level::Allowed,
    text: "a target conductance is on a level of its cell",
    help: "round the targets to the cell's levels, or declare the cell without `levels`",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_crossbar(scope, |array| between(array, &scope.design.cells[array.cell()], scope.limits.level))
}

/// One finding per array: how many of its cells are between levels, and the first.
fn between(array: &Crossbar, cell: &Cell, tolerance: f64) -> Option<String> {
    let levels = cell.levels?;
    let step = (cell.g_max - cell.g_min) / f64::from(levels.max(2) - 1);
    // Targets are f32, which near the top level may be coarse against the step.
    let off = |g: f64| {
        let level = (g - cell.g_min) / step;
        (level - level.round()).abs() * step > tolerance * step + g * f64::from(f32::EPSILON)
    };
    let mut bad = array.cells().filter(|(_, _, g)| off(f64::from(*g)));
    let (row, col, g) = bad.next()?;
    let (count, all) = (1 + bad.count(), array.cell_count());
    Some(format!(
        "{count} of {all} cells are between the {levels} levels, {step:.3e} S apart; the first, at row {row}, column {col}, is to be {g:e} S"
    ))
}
