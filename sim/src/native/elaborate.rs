//! From a module with frame memories to units on wires: the hierarchy down to what has no memory inside.

use super::Error;
use super::flatten::{NetNodes, of_copy, params};
use super::names::{Names, Place};
use super::roles::{Role, Roles, each, roles};
use memloom_ir::{Design, Direction, Element, FrameStore, Id, Instance, Module, Nature};

/// What sets a wire.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Driver {
    /// Nothing at all.
    None,
    /// The currents of conductances, those of this unit among them.
    Free(u32),
    /// An input port's wire, by number.
    Input(u32),
    /// A rail, volts.
    Supply(f64),
    /// Tap `tap` of a frame memory's channel.
    Tap { channel: u32, tap: u32 },
    /// A unit, by number.
    Unit(u32),
}

/// An instance, all copies of it, that has no frame memory inside. Its pins are lists of wires.
pub(super) struct Unit<'d> {
    pub(super) at: Place,
    pub(super) name: &'d str,
    pub(super) instance: &'d Instance,
    pub(super) pins: Vec<Vec<u32>>,
    pub(super) module: &'d Module,
    pub(super) params: Vec<f64>,
}

/// One channel of a frame memory.
pub(super) struct Channel {
    pub(super) store: FrameStore,
    pub(super) at: Place,
    pub(super) inp: u32,
    pub(super) taps: Vec<u32>,
    pub(super) v_ref: u32,
}

/// A net by its hierarchical name.
pub(super) struct NamedNet {
    pub(super) name: String,
    pub(super) wires: Vec<u32>,
}

/// A design, down to units. Wire `i` is supply `i`, then come the ports of the top.
pub(super) struct Elaborated<'d> {
    pub(super) driver: Vec<Driver>,
    pub(super) units: Vec<Unit<'d>>,
    pub(super) channels: Vec<Channel>,
    /// Pairs of units that conduct to one free wire.
    pub(super) joined: Vec<(u32, u32)>,
    /// Current inputs: the wire that the current enters, and one that stands for the current.
    pub(super) injected: Vec<(u32, u32)>,
    pub(super) inputs: Vec<NamedNet>,
    pub(super) outputs: Vec<NamedNet>,
    /// Voltage nets, ports among them.
    pub(super) nets: Vec<NamedNet>,
    pub(super) names: Names<'d>,
}

struct Elaborator<'d> {
    design: &'d Design,
    roles: Vec<Roles>,
    result: Elaborated<'d>,
}

/// Elaborates the top of `design`.
pub(super) fn elaborate(design: &Design) -> Result<Elaborated<'_>, Error> {
    let top = design.top.ok_or_else(|| Error::NoTop(design.name.clone()))?;
    super::known::check(design, top)?;
    let mut names = Names::new();
    for (id, name, _) in design.supplies.iter() {
        names.span(id.index() as u32, 1, Place::ROOT, name);
    }
    let result = Elaborated {
        driver: design.supplies.iter().map(|(_, _, supply)| Driver::Supply(supply.volts)).collect(),
        units: Vec::new(),
        channels: Vec::new(),
        joined: Vec::new(),
        injected: Vec::new(),
        inputs: Vec::new(),
        outputs: Vec::new(),
        nets: Vec::new(),
        names,
    };
    let mut elaborator = Elaborator { design, roles: roles(design), result };
    let ports = elaborator.ports(top)?;
    let params: Vec<f64> = design.modules[top].params.values().copied().collect();
    elaborator.body(top, Place::ROOT, &ports, &params)?;
    elaborator.join();
    elaborator.result.check()?;
    Ok(elaborator.result)
}

impl<'d> Elaborator<'d> {
    /// Wires of the top's ports.
    fn ports(&mut self, top: Id<Module>) -> Result<Vec<u32>, Error> {
        let module = &self.design.modules[top];
        let mut wires = Vec::new();
        let mut inputs = 0;
        for port in &module.ports {
            let (name, net) = (module.nets.name(port.net), &module.nets[port.net]);
            let first = self.wires(Place::ROOT, name, net.width);
            wires.extend(first..first + net.width);
            let named = |first| NamedNet { name: name.into(), wires: (first..first + net.width).collect() };
            match (port.direction, net.nature) {
                (_, Nature::Select) => continue,
                (Direction::Passive, _) => return Err(Error::PassivePort(name.into())),
                (Direction::Output, Nature::Current) => return Err(Error::UnsunkCurrent(name.into())),
                (Direction::Output, Nature::Voltage) => self.result.outputs.push(named(first)),
                (Direction::Input, nature) => {
                    let mut source = first;
                    if nature == Nature::Current {
                        source = self.wires(Place::ROOT, name, net.width);
                        self.result.injected.extend((first..first + net.width).zip(source..));
                    }
                    for wire in source..source + net.width {
                        self.drive(wire, Driver::Input(inputs))?;
                        inputs += 1;
                    }
                    self.result.inputs.push(named(source));
                }
            }
        }
        Ok(wires)
    }

    fn body(&mut self, id: Id<Module>, at: Place, ports: &[u32], params: &[f64]) -> Result<(), Error> {
        let module = &self.design.modules[id];
        let nets = NetNodes::new(module, ports, |name, width| self.wires(at, name, width));
        let is_port = |net| at != Place::ROOT && module.ports.iter().any(|port| port.net == net);
        for (id, name, net) in module.nets.iter() {
            if net.nature == Nature::Voltage && !is_port(id) {
                let name = self.result.names.within(at, name);
                self.result.nets.push(NamedNet { name, wires: nets.net(id).to_vec() });
            }
        }
        for (_, name, instance) in module.instances.iter() {
            let pins: Vec<_> = instance.pins.iter().map(|bits| nets.bits(bits)).collect();
            match &instance.element {
                Element::Store(store) => self.store(at, name, instance, store, &pins)?,
                Element::Module(id) if self.roles[id.index()].has_store => {
                    self.inside(at, name, *id, instance, &pins)?;
                }
                _ => self.unit(Unit { at, name, instance, pins, module, params: params.to_vec() })?,
            }
        }
        Ok(())
    }

    fn inside(
        &mut self,
        at: Place,
        name: &'d str,
        id: Id<Module>,
        instance: &'d Instance,
        pins: &[Vec<u32>],
    ) -> Result<(), Error> {
        let module = &self.design.modules[id];
        for copy in 0..instance.count {
            let at = self.result.names.place(at, name, instance.array.then_some(copy));
            let of_port = |(wires, port): (&Vec<u32>, &memloom_ir::Port)| {
                of_copy(wires, copy, instance.count, module.nets[port.net].width).to_vec()
            };
            let ports: Vec<u32> = pins.iter().zip(&module.ports).flat_map(of_port).collect();
            self.body(id, at, &ports, &params(module, &instance.args, copy))?;
        }
        Ok(())
    }

    fn unit(&mut self, unit: Unit<'d>) -> Result<(), Error> {
        let mut driven = Vec::new();
        each(Role::Drives, self.design, &self.roles, unit.instance, &unit.pins, |wire| driven.push(wire));
        let number = self.result.units.len() as u32;
        self.result.units.push(unit);
        driven.into_iter().try_for_each(|wire| self.drive(wire, Driver::Unit(number)))
    }

    /// Finds the free wires, and the units that share one.
    fn join(&mut self) {
        let Elaborated { driver, units, joined, .. } = &mut self.result;
        for (number, unit) in units.iter().enumerate() {
            each(
                Role::Conducts,
                self.design,
                &self.roles,
                unit.instance,
                &unit.pins,
                |wire| match &mut driver[wire as usize] {
                    Driver::Free(first) if *first != number as u32 => joined.push((*first, number as u32)),
                    wire @ Driver::None => *wire = Driver::Free(number as u32),
                    _ => {}
                },
            );
        }
    }

    fn store(
        &mut self,
        at: Place,
        name: &'d str,
        instance: &'d Instance,
        store: &FrameStore,
        pins: &[Vec<u32>],
    ) -> Result<(), Error> {
        let wires_of = |pin: usize, copy, width| of_copy(&pins[pin], copy, instance.count, width);
        for copy in 0..instance.count {
            let at = self.result.names.place(at, name, instance.array.then_some(copy));
            let taps = wires_of(1, copy, store.taps()).to_vec();
            let (inp, v_ref) = (wires_of(0, copy, 1)[0], wires_of(pins.len() - 1, copy, 1)[0]);
            let channel = self.result.channels.len() as u32;
            for (tap, wire) in taps.iter().enumerate() {
                self.drive(*wire, Driver::Tap { channel, tap: tap as u32 })?;
            }
            self.result.channels.push(Channel { store: *store, at, inp, taps, v_ref });
        }
        Ok(())
    }

    fn wires(&mut self, at: Place, name: &'d str, width: u32) -> u32 {
        let first = self.result.driver.len() as u32;
        self.result.names.span(first, width, at, name);
        self.result.driver.resize((first + width) as usize, Driver::None);
        first
    }

    fn drive(&mut self, wire: u32, driver: Driver) -> Result<(), Error> {
        let slot = &mut self.result.driver[wire as usize];
        if *slot != Driver::None {
            return Err(Error::TwoDrivers(self.result.names.node(wire)));
        }
        *slot = driver;
        Ok(())
    }
}

impl Elaborated<'_> {
    /// Every current input must be sunk, every output set.
    fn check(&self) -> Result<(), Error> {
        let loose = |wire: &u32| self.driver[*wire as usize] == Driver::None;
        if let Some((wire, _)) = self.injected.iter().find(|(wire, _)| loose(wire)) {
            return Err(Error::UnsunkCurrent(self.names.node(*wire)));
        }
        match self.outputs.iter().flat_map(|port| &port.wires).find(|wire| loose(wire)) {
            Some(wire) => Err(Error::Floating(self.names.node(*wire))),
            None => Ok(()),
        }
    }
}
