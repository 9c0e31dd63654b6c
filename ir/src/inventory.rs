//! What a circuit is made of, counted over its whole hierarchy.

use super::{Design, Element, Id, Module};
use serde::Serialize;

/// Numbers of parts. Resistors are those of amplifiers; cells are not among them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Inventory {
    /// Crossbar arrays.
    pub crossbars: u64,
    /// Memristors: cross-points with a cell.
    pub memristors: u64,
    /// Op-amps.
    pub op_amps: u64,
    /// Resistors.
    pub resistors: u64,
    /// Capacitors, those of sample-and-hold cells not counted.
    pub capacitors: u64,
    /// Behavioural blocks of every kind.
    pub behaviours: u64,
    /// Sample-and-hold cells of frame memories.
    pub holds: u64,
    /// Foreign cells: transistors, diodes and subcircuits of the user's files. Those that are the body of an op-amp, a
    /// behavioural block or a memristor are counted there.
    #[serde(skip_serializing_if = "is_zero")]
    pub foreign: u64,
}

impl Design {
    /// How often each module occurs in `top` and all that it contains, by the module's index; once for `top` itself.
    pub fn occurrences(&self, top: Id<Module>) -> Vec<u64> {
        let mut times = vec![0; self.modules.len()];
        times[top.index()] = 1;
        // A module comes before those that use it: walking back, all its users are done when it is reached.
        let modules: Vec<_> = self.modules.iter().take(top.index() + 1).collect();
        for (id, _, module) in modules.into_iter().rev() {
            for (_, _, instance) in module.instances.iter() {
                if let Element::Module(inner) = instance.element {
                    times[inner.index()] += times[id.index()] * u64::from(instance.count);
                }
            }
        }
        times
    }

    /// The parts of `top` and of all that it contains.
    pub fn inventory(&self, top: Id<Module>) -> Inventory {
        let times = self.occurrences(top);
        let mut sum = Inventory::default();
        for (id, _, module) in self.modules.iter().filter(|(id, _, _)| times[id.index()] > 0) {
            for (_, _, instance) in module.instances.iter() {
                sum.add(&instance.element, times[id.index()] * u64::from(instance.count));
            }
        }
        sum
    }
}

impl Inventory {
    fn add(&mut self, element: &Element, times: u64) {
        match element {
            Element::Module(_) | Element::Source(_) => {}
            Element::Foreign(_) => self.foreign += times,
            Element::Crossbar(array) => {
                self.crossbars += times;
                self.memristors += array.cell_count() as u64 * times;
            }
            Element::Resistor(_) => self.resistors += times,
            Element::Capacitor(_) => self.capacitors += times,
            Element::OpAmp(_) => self.op_amps += times,
            Element::Behaviour(_) => self.behaviours += times,
            Element::Store(store) => self.holds += u64::from(store.write_ticks()) * times,
        }
    }
}

/// Whether a circuit has none of them: its inventory then reads as it did before there were any.
fn is_zero(count: &u64) -> bool {
    *count == 0
}
