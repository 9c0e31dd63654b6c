use crate::Origin;
use crate::erc::{Breach, Level, Rule, Scope};
use std::collections::HashMap;

/// SPICE folds case: two names that differ in case alone are one name there.
pub(super) const RULE: Rule = Rule {
    code: "ML005",
    level: Level::Error,
    text: "names differ in more than case",
    help: "rename one: SPICE reads both as the same",
};

pub(super) fn check(scope: &Scope<'_>) -> Vec<Breach> {
    let design = scope.design;
    let mut breaches = Vec::new();
    for (at, earlier) in clashes(design.modules.names()) {
        let (id, _, module) = design.modules.iter().nth(at).expect("a module of this index");
        let (path, places) = scope.places.of(id);
        let (path, origin) = (path.into(), module.origin.clone());
        breaches.push(Breach { path, places, origin, what: text(earlier) });
    }
    for names in [design.leaf_names().collect::<Vec<_>>(), design.supplies.names().collect()] {
        for (at, earlier) in clashes(names.iter().copied()) {
            let path = format!("{}.{}", design.name, names[at]);
            breaches.push(Breach { path, places: 1, origin: Origin::Library, what: text(earlier) });
        }
    }
    for (id, _, module) in design.modules.iter() {
        let nets: Vec<_> = module.nets.iter().map(|(_, n, net)| (n, &net.origin)).collect();
        let instances: Vec<_> = module.instances.iter().map(|(_, n, i)| (n, &i.origin)).collect();
        for names in [nets, instances] {
            for (at, earlier) in clashes(names.iter().map(|(name, _)| *name)) {
                let (name, origin) = names[at];
                breaches.push(scope.breach(id, name, origin, text(earlier)));
            }
        }
    }
    breaches
}

/// Positions of names that differ from an earlier one in case alone, with that name.
fn clashes<'a>(names: impl Iterator<Item = &'a str>) -> Vec<(usize, &'a str)> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    let clash = |(at, name): (usize, &'a str)| {
        seen.insert(name.to_ascii_lowercase(), name).map(|earlier| (at, earlier))
    };
    names.enumerate().filter_map(clash).collect()
}

fn text(earlier: &str) -> String {
    format!("differs from `{earlier}` in case alone")
}
