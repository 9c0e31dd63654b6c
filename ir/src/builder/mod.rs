//! Builds modules wire by wire, refusing what the IR's rules forbid.
//!
//! Nets are plain ids ([`ModuleBuilder::net`], [`ModuleBuilder::input`], ..), instances are wired by pin names
//! ([`ModuleBuilder::instance`]). `memloom` adds nets and blocks whose natures are types (`memloom::signal::Place`).

mod error;
mod instance;

pub use error::BuildError;
pub use instance::InstanceBuilder;

use super::{Arena, Bits, Design, Direction, Element, Id, Module, Nature, Net, Origin, Port, Slice};
use indexmap::IndexMap;

/// A module under construction.
pub struct ModuleBuilder<'d> {
    design: &'d mut Design,
    name: String,
    module: Module,
    /// Set by [`ModuleBuilder::origin`]; without it nets and instances are where they were written.
    origin: Option<Origin>,
    error: Option<BuildError>,
}

impl<'d> ModuleBuilder<'d> {
    pub(crate) fn new(design: &'d mut Design, name: String, origin: Origin) -> Self {
        let module = Module {
            doc: String::new(),
            section: "cells".into(),
            ports: Vec::new(),
            params: IndexMap::new(),
            nets: Arena::default(),
            instances: Arena::default(),
            origin,
        };
        Self { design, name, module, origin: None, error: None }
    }

    /// Sets the module's origin; nets and instances added from here on get it too, not the line that adds them.
    pub fn origin(&mut self, origin: Origin) -> &mut Self {
        self.origin = Some(origin.clone());
        self.module.origin = origin;
        self
    }

    /// Where something added now comes from.
    #[track_caller]
    fn place_of_call(&self) -> Origin {
        match &self.origin {
            Some(origin) => origin.clone(),
            None => Origin::here(),
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
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
    #[track_caller]
    pub fn net(&mut self, name: impl Into<String>, nature: Nature, width: u32) -> Id<Net> {
        let (name, origin) = (name.into(), self.place_of_call());
        if width == 0 {
            self.fail(BuildError::Empty {
                module: self.name.clone(),
                name: name.clone(),
                origin: origin.clone(),
            });
        }
        match self
            .module
            .nets
            .insert(name.clone(), Net { nature, width, range: None, origin: origin.clone() })
        {
            Ok(id) => id,
            Err(earlier) => {
                self.fail(BuildError::Duplicate { module: self.name.clone(), kind: "net", name, origin });
                earlier
            }
        }
    }

    /// Declares a port and its net.
    #[track_caller]
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
    #[track_caller]
    pub fn input(&mut self, name: impl Into<String>, nature: Nature, width: u32) -> Id<Net> {
        self.port(name, Direction::Input, nature, width)
    }

    /// Declares an output port.
    #[track_caller]
    pub fn output(&mut self, name: impl Into<String>, nature: Nature, width: u32) -> Id<Net> {
        self.port(name, Direction::Output, nature, width)
    }

    /// Declares between which values `net` lies in use: volts, of a current that is an input amperes into it. The rule
    /// check follows it through the circuit, to the voltage across each cell and the output of each amplifier.
    pub fn range(&mut self, net: impl Into<Bits>, low: f64, high: f64) -> &mut Self {
        for slice in net.into() {
            if let Slice::Net { net, .. } = slice {
                self.module.nets[net].range = Some((low, high));
            }
        }
        self
    }

    /// Every wire of `net`.
    pub fn all(&self, net: Id<Net>) -> Bits {
        self.module.all(net)
    }

    /// Starts an instance of `element`; [`InstanceBuilder::add`] ends it.
    #[track_caller]
    pub fn instance(&mut self, name: impl Into<String>, element: Element) -> InstanceBuilder<'_, 'd> {
        let origin = self.place_of_call();
        InstanceBuilder::new(self, name.into(), element, origin)
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

    /// Adds the module to its design, unless the design has it: then it is that one. Another of the same name, with other
    /// parts or values, stays; this one is `name_2`, then `name_3`.
    ///
    /// What defines a module for each value of a type ends with this: looking the module up by its name would give the
    /// first value's to all.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn finish_distinct(mut self) -> Result<Id<Module>, BuildError> {
        let (base, mut count) = (self.name.clone(), 1);
        while let Some(id) = self.design.modules.find(&self.name) {
            if self.error.is_none() && self.module.is_like(&self.design.modules[id]) {
                return Ok(id);
            }
            count += 1;
            self.name = format!("{base}_{count}");
        }
        self.finish()
    }

    /// Notes a mistake; [`ModuleBuilder::finish`] reports the first.
    pub fn fail(&mut self, error: BuildError) {
        self.error.get_or_insert(error);
    }
}
