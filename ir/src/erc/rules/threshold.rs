use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Cell, Origin};

/// Above its model's threshold each read moves the state of a cell.
pub(super) const RULE: Rule = Rule {
    code: "ML020",
    level: Level::Error,
    text: "a cell is read below the threshold of its model",
    help: "lower `v_read`, or take a set of a higher threshold",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let breach = |(_, name, cell): (_, &str, &Cell)| {
        let least = cell.device.quiet(cell.g_max)?;
        let (v_read, model) = (cell.v_read, cell.device.spec().name);
        (v_read > least).then(|| Breach {
            path: format!("{}.{name}", scope.design.name),
            places: 1,
            origin: Origin::Library,
            what: format!("read at {v_read} V, and `{model}` moves from {least:.4} V on"),
        })
    };
    scope.design.cells.iter().filter_map(breach).collect()
}
