//! Blocks: circuits as values, and how a value becomes part of a design.

use crate::blocks;
use crate::ir::{Bits, BuildError, Design, Element, Id, Module, ModuleBuilder, OpAmp, Origin, Slice, Supply};
use crate::parts::{BehaviourType, SubcircuitType};
use crate::ports::Ports;
use crate::technology::{Named, Technology, TiaSpec};
use indexmap::IndexMap;

/// A circuit that a module can hold an instance of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a block",
    label = "a block goes here",
    note = "a block is a struct under #[module], #[crossbar], #[tia], #[opamp], #[activation] or #[subcircuit], a `Resistor` or a `Capacitor`"
)]
pub trait Block {
    /// One field per port.
    type Ports: Ports;

    /// What an instance of this value is; defines in `design` what it needs.
    ///
    /// # Errors
    /// If a name is taken by something else, or a module breaks a rule of the IR.
    fn part(&self, design: &mut Design) -> Result<Part, BuildError>;
}

/// A block that is a subcircuit of its own.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a subcircuit",
    label = "a subcircuit goes here",
    note = "wrap the block in a #[module]"
)]
pub trait Subcircuit: Block {
    /// Defines the module of this value in `design`, and the ones below it.
    ///
    /// # Errors
    /// If a name is taken by something else, or a module breaks a rule of the IR.
    fn define(&self, design: &mut Design) -> Result<Id<Module>, BuildError>;
}

/// The ports of a block, as a struct that a connection is a literal of.
pub type PortsOf<B> = <B as Block>::Ports;

/// What an instance is: its element, the pins that go to supply rails rather than to ports, and its own parameters.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The element.
    pub element: Element,
    /// Pins wired to rails.
    pub rails: Vec<(&'static str, Id<Supply>)>,
    /// Parameters that the value sets, SI units.
    pub args: Vec<(&'static str, f64)>,
}

impl Part {
    /// An element whose pins are all ports.
    pub fn new(element: Element) -> Self {
        Self { element, rails: Vec::new(), args: Vec::new() }
    }

    /// Sets parameter `name` of this instance.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: f64) -> Self {
        match self.args.iter_mut().find(|(known, _)| *known == name) {
            Some((_, earlier)) => *earlier = value,
            None => self.args.push((name, value)),
        }
        self
    }

    /// Whether both are the same circuit; their parameters may differ.
    fn is_like(&self, other: &Self) -> bool {
        self.element == other.element && self.rails == other.rails
    }

    /// An instance of a subcircuit.
    ///
    /// # Errors
    /// Those of [`Subcircuit::define`].
    pub fn subcircuit(block: &impl Subcircuit, design: &mut Design) -> Result<Self, BuildError> {
        Ok(Self::new(Element::Module(block.define(design)?)))
    }

    /// An op-amp.
    ///
    /// # Errors
    /// If its name is taken.
    pub fn op_amp(design: &mut Design, model: &Named<OpAmp>) -> Result<Self, BuildError> {
        Ok(Self::new(Element::OpAmp(blocks::op_amp(design, model)?)))
    }

    /// A foreign cell, with the parameters that its declaration sets.
    ///
    /// # Errors
    /// If its name is taken.
    pub fn foreign<T: SubcircuitType>(design: &mut Design) -> Result<Self, BuildError> {
        let cell = blocks::foreign(design, &T::foreign())?;
        Ok(Self { args: T::ARGS.to_vec(), ..Self::new(Element::Foreign(cell)) })
    }

    /// A behavioural block, its `v_ref` at its rail.
    ///
    /// # Errors
    /// If its name is taken.
    pub fn behaviour<B: BehaviourType>(design: &mut Design) -> Result<Self, BuildError> {
        let model = blocks::behaviour(design, &B::behaviour())?;
        let v_ref = crate::wire::rail(design, B::v_ref().get())?;
        Ok(Self { rails: vec![("v_ref", v_ref)], ..Self::new(Element::Behaviour(model)) })
    }
}

/// The module of a `#[tia]`, defined once.
///
/// # Errors
/// If its name is taken by something else.
pub fn tia(design: &mut Design, tia: &Named<TiaSpec>, origin: Origin) -> Result<Id<Module>, BuildError> {
    match design.modules.find(&tia.name) {
        Some(id) if design.modules[id].origin == origin => Ok(id),
        _ => blocks::tia(design, tia, origin),
    }
}

/// The name in text of a generic struct's instance: `Layer<Relu, 4>` is `Layer_Relu_4`.
pub fn name_of<T: ?Sized>() -> String {
    let path = std::any::type_name::<T>().replace('-', "m");
    let words = path.split(|c: char| !c.is_alphanumeric() && c != '_' && c != ':' && c != '{' && c != '}');
    let last = words.filter_map(|word| word.rsplit("::").next()).filter(|word| !word.is_empty());
    last.collect::<Vec<_>>().join("_")
}

/// Instances to be added to a module: one, or the copies of an array.
#[derive(Debug)]
pub struct Placed {
    name: &'static str,
    origin: Origin,
    array: bool,
    parts: Vec<Part>,
}

impl Placed {
    /// One instance that is `part`.
    pub fn one(name: &'static str, origin: Origin, part: Part) -> Self {
        Self { name, origin, array: false, parts: vec![part] }
    }

    /// An array of instances.
    pub fn array(name: &'static str, origin: Origin, parts: Vec<Part>) -> Self {
        Self { name, origin, array: true, parts }
    }

    /// Whether all copies are the same circuit: one node of the IR holds them all, each with its own parameters.
    fn uniform(&self) -> bool {
        self.parts.windows(2).all(|pair| pair[0].is_like(&pair[1]))
    }

    /// Elements and parameters of the instances that [`Placed::add`] adds.
    fn contents(&self) -> impl Iterator<Item = (&Element, IndexMap<String, Vec<f64>>)> {
        let count = self.parts.len().max(1);
        let nodes = if self.uniform() { self.parts.chunks(count) } else { self.parts.chunks(1) };
        nodes.map(|copies| (&copies[0].element, args(copies)))
    }

    /// Adds the instances, wired by `ports`.
    ///
    /// Copies that are the same circuit become one array, with a value of each parameter per copy where they differ.
    /// Copies of other circuits (crossbars with other weights, resistors of other values) become instances called
    /// `name_0`, `name_1`, ..
    pub fn add(self, module: &mut ModuleBuilder<'_>, ports: impl Ports) {
        self.add_wired(module, ports.wires());
    }

    /// As [`Placed::add`], by port names.
    pub(crate) fn add_wired(self, module: &mut ModuleBuilder<'_>, wires: Vec<(&'static str, Bits)>) {
        let copies = self.parts.len();
        if !self.array || self.uniform() {
            return add_one(module, self.name.into(), &self.parts, wires, &self.origin, self.array);
        }
        for (copy, part) in self.parts.chunks(1).enumerate() {
            let own = wires.iter().map(|(port, bits)| (*port, share(bits, copy, copies))).collect();
            add_one(module, format!("{}_{copy}", self.name), part, own, &self.origin, false);
        }
    }
}

/// The parameters of copies: one value for all, or one per copy. All copies set the same ones.
fn args(copies: &[Part]) -> IndexMap<String, Vec<f64>> {
    let Some(first) = copies.first() else { return IndexMap::new() };
    let values = |at: usize, name: &str| {
        let mut all: Vec<f64> = copies.iter().map(|part| part.args[at].1).collect();
        if all.iter().all(|value| *value == all[0]) {
            all.truncate(1);
        }
        (name.to_string(), all)
    };
    first.args.iter().enumerate().map(|(at, (name, _))| values(at, name)).collect()
}

/// Adds one node: an instance, or an array of copies that are the same circuit.
fn add_one(
    module: &mut ModuleBuilder<'_>,
    name: String,
    copies: &[Part],
    wires: Vec<(&'static str, Bits)>,
    origin: &Origin,
    array: bool,
) {
    let Some(part) = copies.first() else { return };
    let mut instance = module.instance(name, part.element.clone()).origin(origin.clone());
    if array {
        instance = instance.array(u32::try_from(copies.len()).unwrap_or(u32::MAX));
    }
    for (port, bits) in wires {
        instance = instance.pin(port, bits);
    }
    for (pin, rail) in &part.rails {
        instance = instance.supply(*pin, *rail);
    }
    for (name, values) in args(copies) {
        instance = instance.arg(name, values);
    }
    instance.add();
}

/// The wires of one copy out of those of all copies; a lone rail is every copy's.
fn share(bits: &Bits, copy: usize, copies: usize) -> Bits {
    if let [rail @ Slice::Supply(_)] = bits.as_slice() {
        return vec![*rail];
    }
    let total: u32 = bits.iter().map(Slice::width).sum();
    let own = total / copies as u32;
    let (first, last) = (copy as u32 * own, (copy as u32 + 1) * own);
    let mut at = 0;
    let mut share = Bits::new();
    for slice in bits {
        let (from, to) = (first.max(at), last.min(at + slice.width()));
        if from < to {
            share.push(match *slice {
                Slice::Net { net, start, .. } => Slice::Net { net, start: start + from - at, len: to - from },
                rail => rail,
            });
        }
        at += slice.width();
    }
    share
}

/// A module about to be defined.
pub enum Start<'d> {
    /// The design has it: the same declaration with the same contents.
    Defined(Id<Module>),
    /// It is new.
    New(Box<ModuleBuilder<'d>>),
}

/// Starts the module of a declaration called `name` at `origin`, with these instances.
///
/// Its name in text is the struct's. A second value of the same declaration that holds other weights or values is
/// `name_2`, then `name_3`, in the order of elaboration, which is depth first in declared order.
///
/// # Errors
/// If the name is taken by another declaration.
pub fn start<'d>(
    design: &'d mut Design,
    name: &str,
    doc: &str,
    origin: Origin,
    contents: &[&Placed],
) -> Result<Start<'d>, BuildError> {
    let same = |module: &Module| {
        let wanted = contents.iter().flat_map(|placed| placed.contents());
        let given = module.instances.iter().map(|(.., instance)| (&instance.element, instance.args.clone()));
        given.eq(wanted)
    };
    let mut candidate = name.to_string();
    let mut count = 1;
    while let Some(id) = design.modules.find(&candidate) {
        let module = &design.modules[id];
        if module.origin != origin {
            let (module, name) = (design.name.clone(), candidate);
            return Err(BuildError::Duplicate { module, kind: "module", name, origin });
        }
        if same(module) {
            return Ok(Start::Defined(id));
        }
        count += 1;
        candidate = format!("{name}_{count}");
    }
    let mut builder = design.module(candidate);
    builder.origin(origin).doc(doc);
    Ok(Start::New(Box::new(builder)))
}

/// Makes a design whose top is `block`.
///
/// # Errors
/// If two declarations share a name, or a module breaks a rule of the IR.
pub fn elaborate(name: &str, block: &impl Subcircuit) -> Result<Design, BuildError> {
    let mut design = Design::new(name);
    design.top = Some(block.define(&mut design)?);
    Ok(design)
}

/// As [`elaborate`], with the rails that a technology declares.
///
/// # Errors
/// Those of [`elaborate`].
pub fn elaborate_on<T: Technology>(name: &str, block: &impl Subcircuit) -> Result<Design, BuildError> {
    let mut design = Design::new(name);
    for (rail, volts) in T::spec().supplies {
        blocks::supply(&mut design, &rail, volts)?;
    }
    design.top = Some(block.define(&mut design)?);
    Ok(design)
}
