use super::per_crossbar;
use crate::erc::{Breach, Level, Rule, Scope};
use crate::{ABSENT, Crossbar};

/// An op-amp that is asked for more current than its output stage has is no voltage source.
pub(super) const RULE: Rule = Rule {
    code: "ML022",
    level: Level::Warning,
    text: "a wordline draws no more than its driver gives",
    help: "make tiles narrower (`--tile`), lower `v_read` or `g_max`, or take an op-amp of more drive",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let Some(process) = scope.limits.process else { return Vec::new() };
    per_crossbar(scope, |array| {
        let v_read = scope.design.cells[array.cell()].v_read;
        let (row, siemens) = heaviest(array)?;
        let current = siemens * v_read;
        (current > process.drive).then(|| {
            format!(
                "wordline {row} draws {:.3} mA at {v_read} V, an op-amp of the process drives {:.3} mA",
                1e3 * current,
                1e3 * process.drive
            )
        })
    })
}

/// The wordline with the largest sum of conductances, siemens: no column's node is far from `v_ref`.
fn heaviest(array: &Crossbar) -> Option<(u32, f64)> {
    let sum = |row: u32| array.row(row).iter().filter(|g| **g != ABSENT).map(|g| f64::from(*g)).sum::<f64>();
    let rows = (0..array.rows()).map(|row| (row, sum(row)));
    rows.reduce(|best, next| if next.1 > best.1 { next } else { best })
}
