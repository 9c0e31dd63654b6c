//! The feedback loops of a circuit: op-amps with a resistor from their output to their inverting input, and what else is
//! at that input, wherever in the hierarchy.
//!
//! Down the hierarchy, place by place, as parameters are known there. What a resistor or a capacitor leads to counts as
//! still.

mod walk;

use super::{Breach, Limits, Scope};
use crate::stability::{Load, Stage};
use crate::{Design, Id, Instance, Module};
use indexmap::IndexMap;
use std::rc::Rc;

type Key = (Id<Module>, Id<Instance>);

/// An op-amp at one place, with the feedback around it.
#[derive(Clone)]
struct Amplifier {
    key: Key,
    path: Rc<str>,
    stage: Stage,
}

/// The worst loop of an op-amp that stands at one or more places.
pub(super) struct Loop {
    /// Phase margin, degrees.
    pub(super) margin: f64,
    pub(super) stage: Stage,
    /// What is at its inverting node besides the feedback, farad.
    pub(super) farads: f64,
    /// The feedback capacitance that would do.
    pub(super) cure: Option<f64>,
    path: Rc<str>,
    last: Rc<str>,
    places: u64,
}

/// Loops with less than the phase margin that `limits` ask for.
pub(super) fn poor(design: &Design, limits: &Limits) -> IndexMap<Key, Loop> {
    let mut found = Found { limits, loops: IndexMap::new() };
    let tops: Vec<_> = match design.top {
        Some(top) => vec![top],
        None => design.modules.iter().map(|(id, ..)| id).collect(),
    };
    for top in tops {
        let (name, params) = (design.modules.name(top), &design.modules[top].params);
        let ports = walk::Walk::new(design, top, name.into(), &mut found).run(params);
        // What is outside the whole is not known: nothing.
        ports.into_iter().flatten().for_each(|node| found.judge(&node));
    }
    found.loops
}

/// What is at one wire.
#[derive(Clone, Default)]
struct Node<'d> {
    /// All that is there, the feedback of its amplifiers with it.
    load: Load<'d>,
    /// Those whose inverting input it is.
    amplifiers: Vec<Amplifier>,
}

struct Found<'l> {
    limits: &'l Limits,
    loops: IndexMap<Key, Loop>,
}

impl Found<'_> {
    /// Looks at the loops of the amplifiers at a wire at which nothing else is.
    fn judge(&mut self, node: &Node<'_>) {
        if node.amplifiers.is_empty() {
            return;
        }
        let lumped = node.load.lumped();
        for Amplifier { key, path, stage } in &node.amplifiers {
            let besides = |load: &Load<'_>| Load {
                g: (load.g - stage.r_f.recip()).max(0.0),
                c: (load.c - stage.c_f).max(0.0),
                ..Load::default()
            };
            let farads = besides(&lumped).c;
            if !self.is_poor(stage.phase_margin(&besides(&lumped))) {
                continue;
            }
            let load = Load { lines: node.load.lines.clone(), ..besides(&node.load) };
            let margin = stage.phase_margin(&load);
            if self.is_poor(margin) {
                let cure = stage.cure(&load, self.limits.cured_margin);
                self.note(
                    *key,
                    path,
                    Loop {
                        margin,
                        stage: *stage,
                        farads,
                        cure,
                        path: path.clone(),
                        last: path.clone(),
                        places: 1,
                    },
                );
            }
        }
    }

    fn is_poor(&self, margin: f64) -> bool {
        margin < self.limits.phase_margin
    }

    fn note(&mut self, key: Key, path: &Rc<str>, new: Loop) {
        let Some(seen) = self.loops.get_mut(&key) else {
            self.loops.insert(key, new);
            return;
        };
        if seen.last != *path {
            (seen.last, seen.places) = (path.clone(), seen.places + 1);
        }
        if new.margin < seen.margin {
            *seen = Loop { path: seen.path.clone(), last: seen.last.clone(), places: seen.places, ..new };
        }
    }
}

impl Loop {
    /// The breach of a rule that this is.
    pub(super) fn breach(&self, scope: &Scope<'_>, (module, instance): Key, what: String) -> Breach {
        let instances = &scope.design.modules[module].instances;
        let path = format!("{}.{}", self.path, instances.name(instance));
        Breach { path, places: self.places, origin: instances[instance].origin.clone(), what }
    }
}
