use super::per_crossbar;
use crate::Crossbar;
use crate::erc::{Breach, Level, Rule, Scope};

/// Wires that lose much of the read voltage make a cell's weight depend on where it stands.
pub(super) const RULE: Rule = Rule {
    code: "ML012",
    level: Level::Warning,
    text: "a crossbar's wires lose little of the read voltage",
    help: "use a smaller tile, a wire of less resistance or cells of less conductance, or raise the `ir_drop` limit",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    per_crossbar(scope, |array| {
        let ((row, along_row), (col, along_col)) = (worst_row(array), worst_col(array));
        let contacts = worst_contact(array);
        let (lost, budget) = (along_row + along_col + contacts, scope.limits.ir_drop);
        let over = lost > budget;
        let and = if contacts > 0.0 { " and the cells' contacts" } else { "" };
        over.then(|| {
            format!(
                "with every input at `v_read` the wires of row {row} and column {col}{and} lose {:.1} % of it, the budget is {:.1} %",
                100.0 * lost,
                100.0 * budget
            )
        })
    })
}

/// The row that loses most, as a part of its voltage: segment `k` carries the currents of the cells from `k` on.
fn worst_row(array: &Crossbar) -> (u32, f64) {
    let (segment, driver) = (array.parasitics().r_wordline.get(), array.parasitics().r_driver.get());
    let lost = |row: u32| {
        let weighted = |(col, g): (usize, &f32)| (driver + (col + 1) as f64 * segment) * f64::from(*g);
        array.row(row).iter().enumerate().map(weighted).sum::<f64>()
    };
    worst((0..array.rows()).map(lost))
}

/// The column that loses most, with every row at the same voltage.
fn worst_col(array: &Crossbar) -> (u32, f64) {
    let mut lost = vec![0.0; array.cols() as usize];
    let (segment, sense) = (array.parasitics().r_bitline.get(), array.parasitics().r_sense.get());
    for (row, col, g) in array.cells() {
        lost[col as usize] += (sense + f64::from(array.rows() - row) * segment) * f64::from(g);
    }
    worst(lost.into_iter())
}

/// The largest part of a cell's voltage that a contact takes.
fn worst_contact(array: &Crossbar) -> f64 {
    let contact = array.parasitics().r_contact.get();
    if contact == 0.0 {
        return 0.0;
    }
    let ratio = contact * f64::from(array.conductance().iter().copied().fold(0.0, f32::max));
    ratio / (1.0 + ratio)
}

fn worst(lost: impl Iterator<Item = f64>) -> (u32, f64) {
    (0..).zip(lost).max_by(|(_, a), (_, b)| a.total_cmp(b)).unwrap_or((0, 0.0))
}
