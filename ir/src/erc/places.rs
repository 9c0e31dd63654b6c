//! Where modules are in the hierarchy.

use crate::{Design, Element, Id, Module};

/// For each module the way to its first place, and how many places it has.
pub(super) struct Places {
    modules: Vec<(String, u64)>,
}

impl Places {
    /// The places of every module; one that the top does not reach is a place of its own.
    pub(super) fn new(design: &Design) -> Self {
        let times = design.top.map(|top| design.occurrences(top));
        let mut paths: Vec<Option<String>> = vec![None; design.modules.len()];
        if let Some(top) = design.top {
            paths[top.index()] = Some(design.modules.name(top).into());
        }
        // A module comes before those that use it: walking back, the way to its first user is known.
        let modules: Vec<_> = design.modules.iter().collect();
        for (id, _, module) in modules.into_iter().rev() {
            let Some(path) = paths[id.index()].clone() else { continue };
            for (_, name, instance) in module.instances.iter() {
                if let Element::Module(inner) = instance.element {
                    let copy = if instance.array { "[0]" } else { "" };
                    paths[inner.index()].get_or_insert_with(|| format!("{path}.{name}{copy}"));
                }
            }
        }
        let place = |(id, name, _): (Id<Module>, &str, &Module)| match paths[id.index()].take() {
            Some(path) => (path, times.as_ref().map_or(1, |t| t[id.index()])),
            None => (name.to_string(), 1),
        };
        Self { modules: design.modules.iter().map(place).collect() }
    }

    /// The way to the first place of `module`, and its number of places.
    pub(super) fn of(&self, module: Id<Module>) -> (&str, u64) {
        let (path, places) = &self.modules[module.index()];
        (path, *places)
    }
}
