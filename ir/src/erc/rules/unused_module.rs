use crate::Origin;
use crate::erc::{Breach, Level, Rule, Scope};

/// A module that the top does not reach was probably forgotten. Blocks of the library are defined on store.
pub(super) const RULE: Rule = Rule {
    code: "ML014",
    level: Level::Warning,
    text: "a module is part of the top",
    help: "instantiate it, or leave it out",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let design = scope.design;
    let Some(top) = design.top else { return Vec::new() };
    let times = design.occurrences(top);
    let unused = design.modules.iter().filter(|(id, ..)| times[id.index()] == 0);
    let own = unused.filter(|(_, _, module)| module.origin != Origin::Library);
    let breach = |(_, name, module): (_, &str, &crate::Module)| Breach {
        path: name.into(),
        places: 1,
        origin: module.origin.clone(),
        what: format!("the top `{}` does not contain this module", design.modules.name(top)),
    };
    own.map(breach).collect()
}
