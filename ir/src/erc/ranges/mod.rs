//! Between which voltages the nets of a circuit lie, from the supplies and the ranges declared on inputs.
//!
//! Interval arithmetic on ideal op-amps, down the hierarchy, place by place. A column's currents meet at an op-amp's
//! virtual ground, so `v(out) = v(inp) (1 + G / g_f) - (1 / g_f) sum g v` with `G` the sum of the conductances at the
//! inverting input and `g_f` that of the feedback. What depends on an input without a declared range, on a feedback
//! loop over several amplifiers or on a frame memory stays unknown, and is not judged.

mod module;
mod parts;

use super::interval::Interval;
use super::{Breach, Scope};
use crate::{Design, Id, Instance, Module};
use indexmap::IndexMap;
use std::rc::Rc;

/// What an instance is exposed to where it is more than it takes.
pub(super) struct Excess {
    pub(super) range: Interval,
    /// The enclosing module's first place where it is too much.
    path: Rc<str>,
    /// The last place looked at: a crossbar is looked at once per column.
    last: Rc<str>,
    places: u64,
}

type Key = (Id<Module>, Id<Instance>);

/// Where voltages are too large.
#[derive(Default)]
pub(super) struct Voltages {
    /// Crossbars by their cells' voltage, row against column, above `v_read`.
    pub(super) cells: IndexMap<Key, Excess>,
    /// Op-amps by the output that would hold their inputs equal, beyond the swing.
    pub(super) outputs: IndexMap<Key, Excess>,
}

impl Voltages {
    pub(super) fn new(design: &Design) -> Self {
        let mut found = Self::default();
        let tops: Vec<_> = match design.top {
            Some(top) => vec![top],
            None => design.modules.iter().map(|(id, ..)| id).collect(),
        };
        for top in tops {
            let module = &design.modules[top];
            let given = module::Given { params: module.params.clone(), ports: IndexMap::new() };
            module::Walk::new(design, top, design.modules.name(top).into(), &mut found).run(&given);
        }
        found
    }
}

impl Excess {
    /// The breach of a rule that this is.
    pub(super) fn breach(&self, scope: &Scope<'_>, (module, instance): Key, what: String) -> Breach {
        let instances = &scope.design.modules[module].instances;
        let path = format!("{}.{}", self.path, instances.name(instance));
        Breach { path, places: self.places, origin: instances[instance].origin.clone(), what }
    }
}

/// Adds what was seen at one place.
fn note(seen: &mut IndexMap<Key, Excess>, key: Key, path: &Rc<str>, range: Interval) {
    let new = || Excess { range, path: path.clone(), last: path.clone(), places: 1 };
    let excess = seen.entry(key).or_insert_with(new);
    excess.range = excess.range.hull(range);
    if excess.last != *path {
        (excess.last, excess.places) = (path.clone(), excess.places + 1);
    }
}
