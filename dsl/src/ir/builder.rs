//! Builds modules wire by wire, refusing what the IR's rules forbid.

use super::{
    Arena, Bits, Design, Direction, Element, Id, Instance, Module, Nature, Net, Origin, Port, Slice, Supply,
};
use indexmap::IndexMap;

/// Why a module could not be built. Each names the module and the place.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A second module, net or instance of one name.
    #[error("{origin}: module `{module}` has two {kind}s called `{name}`; rename one")]
    Duplicate {
        /// The module.
        module: String,
        /// `net`, `instance` or `module`.
        kind: &'static str,
        /// The name.
        name: String,
        /// Where.
        origin: Origin,
    },
    /// A bus without wires, or an array without copies.
    #[error("{origin}: `{module}.{name}` has no wires or copies; give it at least one")]
    Empty {
        /// The module.
        module: String,
        /// The net or instance.
        name: String,
        /// Where.
        origin: Origin,
    },
    /// A pin that the element does not have.
    #[error("{origin}: `{module}.{instance}` has no pin `{pin}`; its pins are {known}")]
    UnknownPin {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin asked for.
        pin: String,
        /// The pins there are.
        known: String,
        /// Where.
        origin: Origin,
    },
    /// A pin that was left unwired.
    #[error("{origin}: pin `{pin}` of `{module}.{instance}` is not connected; connect it to a net")]
    OpenPin {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// Where.
        origin: Origin,
    },
    /// Wires and pin differ in number.
    #[error("{origin}: pin `{pin}` of `{module}.{instance}` has {wanted} wires, its connection {given}")]
    Width {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// Wires of the pin over all copies.
        wanted: u64,
        /// Wires of the connection.
        given: u64,
        /// Where.
        origin: Origin,
    },
    /// A current on a voltage pin, or the like.
    #[error("{origin}: pin `{pin}` of `{module}.{instance}` is a {wanted}, net `{net}` a {given}{}", hint(.given, .wanted))]
    Nature {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The pin.
        pin: String,
        /// The net.
        net: String,
        /// The pin's nature.
        wanted: &'static str,
        /// The net's nature.
        given: &'static str,
        /// Where.
        origin: Origin,
    },
    /// An argument that the element does not take, or with a wrong number of values.
    #[error("{origin}: `{module}.{instance}`: argument `{arg}` {what}")]
    Argument {
        /// The module.
        module: String,
        /// The instance.
        instance: String,
        /// The argument.
        arg: String,
        /// What is wrong with it.
        what: String,
        /// Where.
        origin: Origin,
    },
}

fn hint(given: &str, wanted: &str) -> &'static str {
    match (given, wanted) {
        ("current", "voltage") => "; put a TIA between a current output and a voltage input",
        ("voltage", "current") => "; drive it through a resistor or a crossbar",
        _ => "",
    }
}

/// A module under construction.
pub struct ModuleBuilder<'d> {
    design: &'d mut Design,
    name: String,
    module: Module,
    error: Option<BuildError>,
}

impl<'d> ModuleBuilder<'d> {
    pub(super) fn new(design: &'d mut Design, name: String, origin: Origin) -> Self {
        let module = Module {
            doc: String::new(),
            section: "cells".into(),
            ports: Vec::new(),
            params: IndexMap::new(),
            nets: Arena::default(),
            instances: Arena::default(),
            origin,
        };
        Self { design, name, module, error: None }
    }

    /// Sets the module's origin; nets and instances added from here on get it too unless they set their own.
    pub fn origin(&mut self, origin: Origin) -> &mut Self {
        self.module.origin = origin;
        self
    }

    /// Sets the line of documentation.
    pub fn doc(&mut self, doc: impl Into<String>) -> &mut Self {
        self.module.doc = doc.into();
        self
    }

    /// Sets the output file that the module belongs to.
    pub fn section(&mut self, section: impl Into<String>) -> &mut Self {
        self.module.section = section.into();
        self
    }

    /// Declares a parameter with its default.
    pub fn param(&mut self, name: impl Into<String>, default: f64) -> &mut Self {
        self.module.params.insert(name.into(), default);
        self
    }

    /// Declares an inner net.
    pub fn net(&mut self, name: impl Into<String>, nature: Nature, width: u32) -> Id<Net> {
        let (name, origin) = (name.into(), self.module.origin.clone());
        if width == 0 {
            self.fail(BuildError::Empty {
                module: self.name.clone(),
                name: name.clone(),
                origin: origin.clone(),
            });
        }
        match self.module.nets.insert(name.clone(), Net { nature, width, origin: origin.clone() }) {
            Ok(id) => id,
            Err(earlier) => {
                self.fail(BuildError::Duplicate { module: self.name.clone(), kind: "net", name, origin });
                earlier
            }
        }
    }

    /// Declares a port and its net.
    pub fn port(
        &mut self,
        name: impl Into<String>,
        direction: Direction,
        nature: Nature,
        width: u32,
    ) -> Id<Net> {
        let net = self.net(name, nature, width);
        self.module.ports.push(Port { net, direction });
        net
    }

    /// Declares an input port.
    pub fn input(&mut self, name: impl Into<String>, nature: Nature, width: u32) -> Id<Net> {
        self.port(name, Direction::Input, nature, width)
    }

    /// Declares an output port.
    pub fn output(&mut self, name: impl Into<String>, nature: Nature, width: u32) -> Id<Net> {
        self.port(name, Direction::Output, nature, width)
    }

    /// Every wire of `net`.
    pub fn all(&self, net: Id<Net>) -> Bits {
        self.module.all(net)
    }

    /// Starts an instance of `element`; [`InstanceBuilder::add`] ends it.
    pub fn instance(&mut self, name: impl Into<String>, element: Element) -> InstanceBuilder<'_, 'd> {
        let origin = self.module.origin.clone();
        InstanceBuilder {
            module: self,
            name: name.into(),
            element,
            count: 1,
            array: false,
            wires: Vec::new(),
            args: IndexMap::new(),
            origin,
        }
    }

    /// The design that the module will join: to look up modules and models, or add models.
    pub fn design(&mut self) -> &mut Design {
        self.design
    }

    /// Adds the module to its design.
    ///
    /// # Errors
    /// The first rule that a call since [`Design::module`] broke.
    pub fn finish(self) -> Result<Id<Module>, BuildError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let origin = self.module.origin.clone();
        self.design.modules.insert(self.name.clone(), self.module).map_err(|_| BuildError::Duplicate {
            module: self.design.name.clone(),
            kind: "module",
            name: self.name,
            origin,
        })
    }

    fn fail(&mut self, error: BuildError) {
        self.error.get_or_insert(error);
    }
}

/// An instance under construction.
pub struct InstanceBuilder<'m, 'd> {
    module: &'m mut ModuleBuilder<'d>,
    name: String,
    element: Element,
    count: u32,
    array: bool,
    wires: Vec<(String, Bits)>,
    args: IndexMap<String, Vec<f64>>,
    origin: Origin,
}

impl InstanceBuilder<'_, '_> {
    /// Makes it an array of `count` copies.
    pub fn array(mut self, count: u32) -> Self {
        (self.count, self.array) = (count, true);
        self
    }

    /// Wires pin `name` to `bits`: all copies' wires, copy by copy, or one copy's wires for all to share.
    pub fn pin(mut self, name: impl Into<String>, bits: impl Into<Bits>) -> Self {
        self.wires.push((name.into(), bits.into()));
        self
    }

    /// Wires pin `name` to every wire of `net`.
    pub fn net(self, name: impl Into<String>, net: Id<Net>) -> Self {
        let bits = self.module.all(net);
        self.pin(name, bits)
    }

    /// Wires pin `name` to a supply.
    pub fn supply(self, name: impl Into<String>, supply: Id<Supply>) -> Self {
        self.pin(name, vec![Slice::Supply(supply)])
    }

    /// Sets a parameter, one value for all copies or one per copy.
    pub fn arg(mut self, name: impl Into<String>, values: impl Into<Vec<f64>>) -> Self {
        self.args.insert(name.into(), values.into());
        self
    }

    /// Sets where it was declared.
    pub fn origin(mut self, origin: Origin) -> Self {
        self.origin = origin;
        self
    }

    /// Adds the instance; a mistake is kept and reported by [`ModuleBuilder::finish`].
    pub fn add(self) {
        let Self { module, name, element, count, array, wires, args, origin } = self;
        let place = Place { module: &module.name, instance: &name, origin: &origin };
        let pins = place
            .check_args(module.design, &element, count, &args)
            .and_then(|()| place.wire(module.design, &module.module, &element, count, wires));
        let pins = match pins {
            Ok(pins) => pins,
            Err(error) => return module.fail(error),
        };
        let instance = Instance { element, count, array, pins, args, origin: origin.clone() };
        if module.module.instances.insert(name.clone(), instance).is_err() {
            module.fail(BuildError::Duplicate {
                module: module.name.clone(),
                kind: "instance",
                name,
                origin,
            });
        }
    }
}

/// Where a mistake in an instance is reported.
struct Place<'a> {
    module: &'a str,
    instance: &'a str,
    origin: &'a Origin,
}

impl Place<'_> {
    fn wire(
        &self,
        design: &Design,
        module: &Module,
        element: &Element,
        count: u32,
        wires: Vec<(String, Bits)>,
    ) -> Result<Vec<Bits>, BuildError> {
        if count == 0 {
            return Err(BuildError::Empty {
                module: self.module.into(),
                name: self.instance.into(),
                origin: self.origin.clone(),
            });
        }
        let pins = element.pins(design);
        let mut wired: Vec<Option<Bits>> = vec![None; pins.len()];
        for (name, bits) in wires {
            let Some(at) = pins.iter().position(|p| p.name == name) else {
                let known = pins.iter().map(|p| format!("`{}`", p.name)).collect::<Vec<_>>().join(", ");
                return Err(self.unknown_pin(name, known));
            };
            self.check_width(&pins[at], count, &bits)?;
            self.check_nature(module, &pins[at], &bits)?;
            if wired[at].replace(bits).is_some() {
                return Err(self.unknown_pin(name, "each to be wired once".into()));
            }
        }
        let closed =
            |(bits, pin): (Option<Bits>, &super::Pin<'_>)| bits.ok_or_else(|| self.open_pin(&pin.name));
        wired.into_iter().zip(&pins).map(closed).collect()
    }

    fn check_width(&self, pin: &super::Pin<'_>, count: u32, bits: &Bits) -> Result<(), BuildError> {
        let given: u64 = bits.iter().map(|s| u64::from(s.width())).sum();
        let wanted = u64::from(pin.width) * u64::from(count);
        if given == wanted || given == u64::from(pin.width) {
            return Ok(());
        }
        Err(BuildError::Width {
            module: self.module.into(),
            instance: self.instance.into(),
            pin: pin.name.to_string(),
            wanted,
            given,
            origin: self.origin.clone(),
        })
    }

    fn check_nature(&self, module: &Module, pin: &super::Pin<'_>, bits: &Bits) -> Result<(), BuildError> {
        let Some(wanted) = pin.nature else { return Ok(()) };
        for slice in bits {
            let (net, given) = match slice {
                Slice::Net { net, .. } => (module.nets.name(*net), module.nets[*net].nature),
                Slice::Supply(_) => ("a supply", Nature::Voltage),
            };
            if given != wanted {
                return Err(BuildError::Nature {
                    module: self.module.into(),
                    instance: self.instance.into(),
                    pin: pin.name.to_string(),
                    net: net.into(),
                    wanted: wanted.name(),
                    given: given.name(),
                    origin: self.origin.clone(),
                });
            }
        }
        Ok(())
    }

    fn check_args(
        &self,
        design: &Design,
        element: &Element,
        count: u32,
        args: &IndexMap<String, Vec<f64>>,
    ) -> Result<(), BuildError> {
        for (name, values) in args {
            let known = match element {
                Element::Module(id) => design.modules[*id].params.contains_key(name),
                Element::Behaviour(id) => design.behaviours[*id].function.params().contains(&name.as_str()),
                _ => false,
            };
            if !known {
                return Err(self.argument(name, "is not a parameter of this block".into()));
            }
            if values.len() != 1 && values.len() != count as usize {
                return Err(self.argument(name, format!("has {} values for {count} copies", values.len())));
            }
            if let Some(bad) = values.iter().find(|v| !v.is_finite()) {
                return Err(self.argument(name, format!("is {bad}; give a finite number")));
            }
        }
        Ok(())
    }

    fn argument(&self, arg: &str, what: String) -> BuildError {
        BuildError::Argument {
            module: self.module.into(),
            instance: self.instance.into(),
            arg: arg.into(),
            what,
            origin: self.origin.clone(),
        }
    }

    fn unknown_pin(&self, pin: String, known: String) -> BuildError {
        BuildError::UnknownPin {
            module: self.module.into(),
            instance: self.instance.into(),
            pin,
            known,
            origin: self.origin.clone(),
        }
    }

    fn open_pin(&self, pin: &str) -> BuildError {
        BuildError::OpenPin {
            module: self.module.into(),
            instance: self.instance.into(),
            pin: pin.into(),
            origin: self.origin.clone(),
        }
    }
}
