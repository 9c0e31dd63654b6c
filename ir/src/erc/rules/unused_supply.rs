use crate::erc::{Breach, Level, Rule, Scope};
use crate::{Origin, Slice};

/// A supply that nothing is wired to: a part was to hang on it, or it is not needed.
pub(super) const RULE: Rule = Rule {
    code: "ML015",
    level: Level::Warning,
    text: "something is wired to each supply",
    help: "wire the pin that was meant for it, or leave the supply out",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let design = scope.design;
    let mut used = vec![false; design.supplies.len()];
    let instances = design.modules.iter().flat_map(|(_, _, module)| module.instances.iter());
    for slice in instances.flat_map(|(_, _, instance)| instance.pins.iter().flatten()) {
        if let Slice::Supply(id) = slice {
            used[id.index()] = true;
        }
    }
    let unused = design.supplies.iter().filter(|(id, ..)| !used[id.index()]);
    let breach = |(_, name, supply): (_, &str, &crate::Supply)| Breach {
        path: format!("{}.{name}", design.name),
        places: 1,
        origin: Origin::Library,
        what: format!("nothing is wired to this supply of {} V", supply.volts),
    };
    unused.map(breach).collect()
}
