//! The circuit IR: what the printers, the evaluator and the rule check all read.
//!
//! Rules that hold for every [`Design`] made through [`ModuleBuilder`]:
//! - a module is complete before it is instantiated, so the hierarchy has no cycle;
//! - every pin of every instance is wired, to the width its element asks for; of supply pins alone the rail may be missing,
//!   which the rule check tells;
//! - every map is in insertion order, so the same calls give the same bytes;
//! - a crossbar is one node with one array of conductances, an array of blocks one node with a count;
//! - numbers are in SI units: siemens, ohm, farad, volt, hertz, second.
//!
//! What these rules cannot know (two drivers on a net, a floating net, a conductance outside its cell's range)
//! is the business of the electrical rule check, [`erc`].
//!
//! Here are no macros, no text of any language and no files: `memloom` declares circuits with attributes and places
//! them typed, `memloom-codegen` prints them.
//!
//! ```
//! use memloom_ir::{Design, Element, Nature, Value, erc};
//!
//! # fn main() -> Result<(), memloom_ir::BuildError> {
//! let mut design = Design::new("divider");
//! let mut m = design.module("Divider");
//! let (x, y) = (m.input("x", Nature::Voltage, 1), m.output("y", Nature::Voltage, 1));
//! m.instance("r", Element::Resistor(Value::Number(1e3))).net("p", x).net("n", y).add();
//! design.top = Some(m.finish()?);
//! assert_eq!(erc::check(&design).len(), 0);
//! # Ok(())
//! # }
//! ```

mod arena;
pub mod blocks;
mod builder;
mod crossbar;
pub mod erc;
mod foreign;
mod inventory;
mod leaf;
mod module;
mod ohms;
mod opposites;
mod origin;
mod own;
mod parasitics;
mod pins;
pub mod stability;
mod store;
pub mod technology;
pub mod units;

pub use arena::{Arena, Id};
pub use builder::{BuildError, InstanceBuilder, ModuleBuilder};
pub use crossbar::{ABSENT, Crossbar};
pub use foreign::{Body, Foreign, ForeignPin, Kind, Language, Library, PinRole, SupplyPin};
pub use inventory::Inventory;
pub use leaf::{AutoZero, Behaviour, Cell, CellNetlist, Function, OpAmp, Supply};
pub use module::{Bits, Direction, Element, Instance, Module, Nature, Net, Port, Slice, Source, Value};
pub use ohms::{resistance, siemens};
pub use opposites::Opposites;
pub use origin::Origin;
pub use own::Own;
pub use parasitics::Parasitics;
pub use pins::Pin;
pub use store::{FrameStore, SampleHold};

use indexmap::IndexMap;

pub use memloom_devices as device;
pub use memloom_functions as functions;

/// A whole circuit.
#[derive(Debug, Clone)]
pub struct Design {
    /// Name of the design.
    pub name: String,
    /// Subcircuits, each after the ones it uses; the last is usually the top.
    pub modules: Arena<Module>,
    /// Memristor cell types.
    pub cells: Arena<Cell>,
    /// Op-amp types.
    pub op_amps: Arena<OpAmp>,
    /// Behavioural block types.
    pub behaviours: Arena<Behaviour>,
    /// Foreign cells: those that are instantiated, and those that are the body of a model above.
    pub foreign: Arena<Foreign>,
    /// What models above are made of, by their name, where it is not memloom's own circuit without supply pins.
    pub bodies: IndexMap<String, Body>,
    /// What frame memories are made of.
    pub sample_hold: SampleHold,
    /// Supply rails.
    pub supplies: Arena<Supply>,
    /// The module that is the whole.
    pub top: Option<Id<Module>>,
}

impl Design {
    /// An empty design.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            modules: Arena::default(),
            cells: Arena::default(),
            op_amps: Arena::default(),
            behaviours: Arena::default(),
            foreign: Arena::default(),
            bodies: IndexMap::new(),
            sample_hold: SampleHold::default(),
            supplies: Arena::default(),
            top: None,
        }
    }

    /// What the model that `element` is an instance of is made of, if that was declared.
    pub fn body(&self, element: &Element) -> Option<&Body> {
        let name = match element {
            Element::OpAmp(id) => self.op_amps.name(*id),
            Element::Behaviour(id) => self.behaviours.name(*id),
            Element::Crossbar(array) => self.cells.name(array.cell()),
            _ => return None,
        };
        self.bodies.get(name)
    }

    /// The foreign cell that netlists have for the model called `name`, if it is one.
    pub fn foreign_body(&self, name: &str) -> Option<&Foreign> {
        self.bodies.get(name)?.cell.as_ref()
    }

    /// The names of leaf models in text: those of cells, op-amps, behavioural blocks and foreign cells. A model whose body
    /// is a foreign cell stands under the latter's name.
    pub fn leaf_names(&self) -> impl Iterator<Item = &str> {
        let own = self.cells.names().chain(self.op_amps.names()).chain(self.behaviours.names());
        own.filter(|name| self.foreign_body(name).is_none()).chain(self.foreign.names())
    }

    /// Starts a module; [`ModuleBuilder::finish`] adds it to the design.
    #[track_caller]
    pub fn module(&mut self, name: impl Into<String>) -> ModuleBuilder<'_> {
        ModuleBuilder::new(self, name.into(), Origin::here())
    }
}
