use crate::Element;
use crate::erc::{Breach, Level, Rule, Scope};

/// Above `v_read` a cell's state moves while it is read.
pub(super) const RULE: Rule = Rule {
    code: "ML010",
    level: Level::Error,
    text: "a cell sees at most its read voltage",
    help: "scale the inputs down, or read the cells about another virtual ground",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let breach = |(key, excess): (&(_, _), &crate::erc::ranges::Excess)| {
        let (module, instance): (crate::Id<crate::Module>, _) = *key;
        let Element::Crossbar(array) = &scope.design.modules[module].instances[instance].element else {
            return None;
        };
        let cells = &scope.design.cells;
        let (worst, cell) = (excess.range.magnitude(), cells.name(array.cell()));
        let v_read = cells[array.cell()].v_read;
        let what = format!("up to {worst:.4} V across a cell, `{cell}` takes {v_read} V");
        Some(excess.breach(scope, (module, instance), what))
    };
    scope.voltages().cells.iter().filter_map(breach).collect()
}
