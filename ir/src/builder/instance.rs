//! Instances: their pins are wired and checked one by one.

use super::{BuildError, ModuleBuilder};
use crate::{Bits, Design, Element, Id, Instance, Module, Nature, Net, Origin, Pin, Slice, Supply};
use indexmap::IndexMap;

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

impl<'m, 'd> InstanceBuilder<'m, 'd> {
    pub(super) fn new(
        module: &'m mut ModuleBuilder<'d>,
        name: String,
        element: Element,
        origin: Origin,
    ) -> Self {
        let (wires, args) = (Vec::new(), IndexMap::new());
        Self { module, name, element, count: 1, array: false, wires, args, origin }
    }

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

    /// Adds the instance, its supply pins wired to the design's rails of their names unless they are wired already; a mistake is kept and reported by [`ModuleBuilder::finish`].
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
            self.check_wires(module, &name, &bits)?;
            self.check_width(&pins[at], count, &bits)?;
            self.check_nature(module, &pins[at], &bits)?;
            if wired[at].replace(bits).is_some() {
                return Err(self.rewired(name));
            }
        }
        let closed = |(bits, pin): (Option<Bits>, &Pin<'_>)| match (bits, pin.rail) {
            (Some(bits), _) => Ok(bits),
            (None, Some(rail)) => Ok(design.supplies.find(rail).map(Slice::Supply).into_iter().collect()),
            (None, None) => Err(self.open_pin(&pin.name)),
        };
        wired.into_iter().zip(&pins).map(closed).collect()
    }

    fn check_wires(&self, module: &Module, pin: &str, bits: &Bits) -> Result<(), BuildError> {
        for slice in bits {
            let Slice::Net { net, start, len } = *slice else { continue };
            let (width, end) = (module.nets[net].width, u64::from(start) + u64::from(len));
            if end > u64::from(width) {
                return Err(BuildError::NoWire {
                    module: self.module.into(),
                    instance: self.instance.into(),
                    pin: pin.into(),
                    net: module.nets.name(net).into(),
                    wire: end - 1,
                    width,
                    origin: self.origin.clone(),
                });
            }
        }
        Ok(())
    }

    fn check_width(&self, pin: &Pin<'_>, count: u32, bits: &Bits) -> Result<(), BuildError> {
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

    fn check_nature(&self, module: &Module, pin: &Pin<'_>, bits: &Bits) -> Result<(), BuildError> {
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
        if let Element::Store(store) = element {
            let reaches = |length: u32, kernel: u32| (1..=length + 2 * store.padding).contains(&kernel);
            let fits = reaches(store.height, store.kernel_height) && reaches(store.width, store.kernel_width);
            if store.stride == 0 || !fits {
                return Err(self.argument("window", format!("{store:?} has no place in its frame")));
            }
        }
        for (name, values) in args {
            let known = match element {
                Element::Module(id) => design.modules[*id].params.contains_key(name),
                Element::Behaviour(id) => design.behaviours[*id].function.params().contains(&name.as_str()),
                Element::Foreign(id) => {
                    design.foreign[*id].params.iter().any(|known| known.eq_ignore_ascii_case(name))
                }
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

    fn rewired(&self, pin: String) -> BuildError {
        let (module, instance) = (self.module.into(), self.instance.into());
        BuildError::Rewired { module, instance, pin, origin: self.origin.clone() }
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
