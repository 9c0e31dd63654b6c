//! A design made ready for one dialect: wide modules dissolved, every name checked, supplies assigned.

use crate::check;
use crate::crossbar::supplies_of;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::inline::dissolve;
use crate::name::PRIVATE;
use crate::parasitics::Parameters;
use crate::store;
use indexmap::IndexMap;
use memloom_ir::{Crossbar, Design, Element, FrameStore, Id, Instance, Module, Slice, Supply};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// What the printers read.
pub struct Netlist<'d> {
    pub(crate) dialect: &'d dyn Dialect,
    /// The design as it was given.
    pub(crate) before: &'d Design,
    /// The design without its wide modules.
    pub(crate) design: Cow<'d, Design>,
    /// The module that may be printed flat.
    root: Option<Id<Module>>,
    /// Per module: whether this netlist is about it.
    live: Vec<bool>,
    /// Per module: whether it is too wide for a subcircuit.
    wide: Vec<bool>,
    /// Per module: the supplies it needs, in the design's order.
    supplies: Vec<BTreeSet<Id<Supply>>>,
    /// The subcircuits of frame memories, each once.
    pub(crate) stores: Vec<FrameStore>,
    /// What crossbars' lines and cells have besides the cells: parameters of the whole netlist.
    pub(crate) parameters: Parameters,
}

impl<'d> Netlist<'d> {
    /// Prepares the whole of `design`; its top may be wider than a subcircuit.
    ///
    /// # Errors
    /// [`Error::Refused`] for the first thing that the dialect cannot say.
    pub fn new(dialect: &'d dyn Dialect, design: &'d Design) -> Result<Self, Error> {
        let netlist = Self::prepare(dialect, design, design.top, vec![true; design.modules.len()])?;
        check::orphans(&netlist).map_err(|(place, what)| refused(dialect, place, what))?;
        Ok(netlist)
    }

    /// Prepares `root` and what it uses; `root` may be wider than a subcircuit.
    ///
    /// # Errors
    /// [`Error::Refused`] for the first thing that the dialect cannot say.
    pub fn below(dialect: &'d dyn Dialect, design: &'d Design, root: Id<Module>) -> Result<Self, Error> {
        Self::prepare(dialect, design, Some(root), reachable(design, root))
    }

    fn prepare(
        dialect: &'d dyn Dialect,
        design: &'d Design,
        root: Option<Id<Module>>,
        live: Vec<bool>,
    ) -> Result<Self, Error> {
        let refuse = |(place, what)| refused(dialect, place, what);
        check::models(dialect, design).map_err(refuse)?;
        let supplies = supplies(design);
        let wide = wide(dialect, design, &supplies);
        let dissolves = wide.iter().zip(&live).any(|(wide, live)| *wide && *live);
        let before = design;
        let design = if dissolves {
            Cow::Owned(dissolve(design, &wide, &live, root).map_err(refuse)?)
        } else {
            Cow::Borrowed(design)
        };
        let design = renamed(dialect, design);
        let (stores, parameters) = (stores(&design, &live), parameters(&design, &live));
        let netlist = Self { dialect, before, design, root, live, wide, supplies, stores, parameters };
        check::modules(&netlist).map_err(refuse)?;
        Ok(netlist)
    }

    /// The modules that this netlist is about, in order.
    pub fn modules(&self) -> impl Iterator<Item = (Id<Module>, &str, &Module)> {
        self.design.modules.iter().filter(|(id, ..)| self.live[id.index()])
    }

    /// Whether `module` is narrow enough for a subcircuit.
    pub fn is_subckt(&self, module: Id<Module>) -> bool {
        !self.wide[module.index()]
    }

    /// The root if it is too wide for a subcircuit and so stands flat at the top level.
    pub fn flat(&self) -> Option<Id<Module>> {
        self.root.filter(|id| self.wide[id.index()])
    }

    /// The supplies that `module` and all in it need, in the design's order: its last pins.
    pub fn supplies(&self, module: Id<Module>) -> impl Iterator<Item = Id<Supply>> + '_ {
        self.supplies[module.index()].iter().copied()
    }

    /// Whether a crossbar is too wide for a subcircuit of its own and is printed in its module.
    pub(crate) fn is_in_place(&self, array: &Crossbar) -> bool {
        let pins =
            u64::from(array.rows()) + u64::from(array.cols()) + supplies_of(&self.design, array).len() as u64;
        self.dialect.max_pins().is_some_and(|max| pins > u64::from(max))
    }
}

/// The design with supplies of which the dialect reserves the name under another: `ml_ground` for `ground`.
fn renamed<'d>(dialect: &dyn Dialect, mut design: Cow<'d, Design>) -> Cow<'d, Design> {
    let names = dialect.names();
    if !design.supplies.names().any(|name| names.is_reserved(name)) {
        return design;
    }
    let before = std::mem::take(&mut design.to_mut().supplies);
    for (_, name, supply) in before.iter() {
        let name = if names.is_reserved(name) { format!("{PRIVATE}{name}") } else { name.to_owned() };
        let placed = design.to_mut().supplies.insert(name, *supply);
        debug_assert!(placed.is_ok(), "no user's name starts so");
    }
    design
}

fn refused(dialect: &dyn Dialect, place: String, what: String) -> Error {
    Error::Refused { dialect: dialect.name(), place, what }
}

/// Modules below and including `root`.
pub(crate) fn reachable(design: &Design, root: Id<Module>) -> Vec<bool> {
    let mut seen = vec![false; design.modules.len()];
    let mut open = vec![root];
    while let Some(id) = open.pop() {
        if !std::mem::replace(&mut seen[id.index()], true) {
            open.extend(design.modules[id].instances.iter().filter_map(|(.., i)| callee(i)));
        }
    }
    seen
}

fn callee(instance: &Instance) -> Option<Id<Module>> {
    match instance.element {
        Element::Module(id) => Some(id),
        _ => None,
    }
}

fn supplies(design: &Design) -> Vec<BTreeSet<Id<Supply>>> {
    let mut needs: Vec<BTreeSet<Id<Supply>>> = Vec::with_capacity(design.modules.len());
    for (.., module) in design.modules.iter() {
        let mut own = BTreeSet::new();
        for (.., instance) in module.instances.iter() {
            own.extend(instance.pins.iter().flatten().filter_map(|slice| match slice {
                Slice::Supply(id) => Some(*id),
                Slice::Net { .. } => None,
            }));
            // A module stands after those it uses.
            own.extend(callee(instance).into_iter().flat_map(|id| needs[id.index()].clone()));
        }
        needs.push(own);
    }
    needs
}

fn wide(dialect: &dyn Dialect, design: &Design, supplies: &[BTreeSet<Id<Supply>>]) -> Vec<bool> {
    let Some(max) = dialect.max_pins() else { return vec![false; design.modules.len()] };
    let pins = |module: &Module, own: &BTreeSet<_>| u64::from(module.port_width()) + own.len() as u64;
    design
        .modules
        .iter()
        .zip(supplies)
        .map(|((.., module), own)| pins(module, own) > u64::from(max))
        .collect()
}

fn parameters(design: &Design, live: &[bool]) -> Parameters {
    let mut found = Parameters::default();
    for (.., module) in design.modules.iter().filter(|(id, ..)| live[id.index()]) {
        for (.., instance) in module.instances.iter() {
            if let Element::Crossbar(array) = &instance.element {
                found.add(array.parasitics());
            }
        }
    }
    found
}

fn stores(design: &Design, live: &[bool]) -> Vec<FrameStore> {
    let mut found = IndexMap::new();
    for (.., module) in design.modules.iter().filter(|(id, ..)| live[id.index()]) {
        for (.., instance) in module.instances.iter() {
            if let Element::Store(store) = instance.element {
                found.entry(store::name(&store)).or_insert(store);
            }
        }
    }
    found.into_values().collect()
}
