//! Blocks: circuits as values, and how a value becomes part of a design.

use crate::blocks;
use crate::ir::{
    Behaviour, Bits, BuildError, Design, Element, Id, Module, ModuleBuilder, OpAmp, Origin, Slice, Supply,
    Value,
};
use crate::parts::BehaviourType;
use crate::ports::{self, Ports};
use crate::technology::{Named, TiaSpec};
use crate::units::{Farads, Ohms};

/// A circuit that a module can hold an instance of.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a block",
    label = "a block goes here",
    note = "a block is a struct under #[module], #[crossbar], #[tia], #[opamp] or #[activation], a `Resistor` or a `Capacitor`"
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

/// What an instance is: its element, and the pins that go to supply rails rather than to ports.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The element.
    pub element: Element,
    /// Pins wired to rails.
    pub rails: Vec<(&'static str, Id<Supply>)>,
}

impl Part {
    /// An element whose pins are all ports.
    pub fn new(element: Element) -> Self {
        Self { element, rails: Vec::new() }
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

    /// A behavioural block, its `v_ref` at its rail.
    ///
    /// # Errors
    /// If its name is taken.
    pub fn behaviour<B: BehaviourType>(design: &mut Design) -> Result<Self, BuildError> {
        let model = behaviour(design, &B::behaviour())?;
        let v_ref = crate::wire::rail(design, B::v_ref().get())?;
        Ok(Self { element: Element::Behaviour(model), rails: vec![("v_ref", v_ref)] })
    }
}

fn behaviour(design: &mut Design, model: &Named<Behaviour>) -> Result<Id<Behaviour>, BuildError> {
    match design.behaviours.insert(&model.name, model.spec.clone()) {
        Ok(id) => Ok(id),
        Err(id) if design.behaviours[id] == model.spec => Ok(id),
        Err(_) => {
            let (module, name, origin) = (design.name.clone(), model.name.clone(), Origin::Library);
            Err(BuildError::Duplicate { module, kind: "behavioural block", name, origin })
        }
    }
}

/// A resistor. Ports `p`, `n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Resistor(pub Ohms);

impl Block for Resistor {
    type Ports = ports::Passive;
    fn part(&self, _: &mut Design) -> Result<Part, BuildError> {
        Ok(Part::new(Element::Resistor(Value::Number(self.0.get()))))
    }
}

/// A capacitor. Ports `p`, `n`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacitor(pub Farads);

impl Block for Capacitor {
    type Ports = ports::Passive;
    fn part(&self, _: &mut Design) -> Result<Part, BuildError> {
        Ok(Part::new(Element::Capacitor(Value::Number(self.0.get()))))
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

/// Instances to be added to a module: one, or the copies of an array.
#[derive(Debug)]
pub struct Placed {
    name: &'static str,
    origin: Origin,
    array: bool,
    parts: Vec<Part>,
}

impl Placed {
    /// One instance of `block`.
    ///
    /// # Errors
    /// Those of [`Block::part`].
    pub fn one(
        block: &impl Block,
        design: &mut Design,
        name: &'static str,
        origin: Origin,
    ) -> Result<Self, BuildError> {
        Ok(Self { name, origin, array: false, parts: vec![block.part(design)?] })
    }

    /// An array of blocks.
    ///
    /// # Errors
    /// Those of [`Block::part`].
    pub fn array(
        copies: &[impl Block],
        design: &mut Design,
        name: &'static str,
        origin: Origin,
    ) -> Result<Self, BuildError> {
        let parts = copies.iter().map(|block| block.part(design)).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { name, origin, array: true, parts })
    }

    /// One instance that is `part`.
    pub(crate) fn part(name: &'static str, origin: Origin, part: Part) -> Self {
        Self { name, origin, array: false, parts: vec![part] }
    }

    /// An array of copies of `part`.
    pub(crate) fn copies(name: &'static str, origin: Origin, part: Part, count: usize) -> Self {
        Self { name, origin, array: true, parts: vec![part; count] }
    }

    /// Whether all copies are the same circuit: one node of the IR holds them all.
    fn uniform(&self) -> bool {
        self.parts.windows(2).all(|pair| pair[0] == pair[1])
    }

    /// The elements of the instances that [`Placed::add`] adds.
    fn elements(&self) -> impl Iterator<Item = &Element> {
        let nodes = if self.uniform() { self.parts.len().min(1) } else { self.parts.len() };
        self.parts[..nodes].iter().map(|part| &part.element)
    }

    /// Adds the instances, wired by `ports`.
    ///
    /// Copies that are the same circuit become one array. Copies that differ (crossbars with other weights, resistors
    /// of other values) become instances called `name_0`, `name_1`, ..
    pub fn add(self, module: &mut ModuleBuilder<'_>, ports: impl Ports) {
        self.add_wired(module, ports.wires());
    }

    /// As [`Placed::add`], by port names.
    pub(crate) fn add_wired(self, module: &mut ModuleBuilder<'_>, wires: Vec<(&'static str, Bits)>) {
        let copies = self.parts.len();
        if !self.array || self.uniform() {
            let Some(part) = self.parts.into_iter().next() else { return };
            let array = self.array.then_some(copies);
            return add_one(module, self.name.into(), part, wires, &self.origin, array);
        }
        for (copy, part) in self.parts.into_iter().enumerate() {
            let own = wires.iter().map(|(port, bits)| (*port, share(bits, copy, copies))).collect();
            add_one(module, format!("{}_{copy}", self.name), part, own, &self.origin, None);
        }
    }
}

fn add_one(
    module: &mut ModuleBuilder<'_>,
    name: String,
    part: Part,
    wires: Vec<(&'static str, Bits)>,
    origin: &Origin,
    array: Option<usize>,
) {
    let mut instance = module.instance(name, part.element).origin(origin.clone());
    if let Some(count) = array {
        instance = instance.array(u32::try_from(count).unwrap_or(u32::MAX));
    }
    for (port, bits) in wires {
        instance = instance.pin(port, bits);
    }
    for (pin, rail) in part.rails {
        instance = instance.supply(pin, rail);
    }
    instance.add();
}

/// The wires of one copy out of those of all copies; a rail is every copy's.
fn share(bits: &Bits, copy: usize, copies: usize) -> Bits {
    let own = |slice: &Slice| match *slice {
        Slice::Net { net, start, len } => {
            let len = len / copies as u32;
            Slice::Net { net, start: start + copy as u32 * len, len }
        }
        rail => rail,
    };
    bits.iter().map(own).collect()
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
        let elements = contents.iter().flat_map(|placed| placed.elements());
        module.instances.iter().map(|(_, _, instance)| &instance.element).eq(elements)
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
