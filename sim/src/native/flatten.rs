//! From the hierarchy to nodes and the parts between them.
//!
//! Ports are unified with the wires they are connected to, supplies are nodes, crossbars stay whole.

use super::Error;
use super::cells::laws;
use super::flat::{Amp, Array, Edge, Flat, Map, Source};
use super::names::{Names, Place};
use super::options::Setting;
use crate::chip::Chip;
use memloom_ir as ir;
use memloom_ir::{Crossbar, Design, Direction, Element, Id, Instance, Module, Nature, Slice, Value};
use std::borrow::Cow;

/// Flattens instances one by one.
pub(super) struct Flattener<'d, 'c> {
    design: &'d Design,
    setting: Setting<'c>,
    pub(super) flat: Flat<'d>,
}

/// Nodes of every net of one module.
pub(super) struct NetNodes {
    start: Vec<u32>,
    nodes: Vec<u32>,
}

impl NetNodes {
    /// Ports are the nodes `ports`, wire by wire; `fresh(name, width)` gives the first node of an inner net.
    pub(super) fn new<'d>(
        module: &'d Module,
        ports: &[u32],
        mut fresh: impl FnMut(&'d str, u32) -> u32,
    ) -> Self {
        let mut port_of = vec![None; module.nets.len()];
        let mut first = 0;
        for port in &module.ports {
            port_of[port.net.index()] = Some(first);
            first += module.nets[port.net].width as usize;
        }
        let mut nets = Self { start: vec![0], nodes: Vec::new() };
        for (id, name, net) in module.nets.iter() {
            match port_of[id.index()] {
                Some(first) => nets.nodes.extend_from_slice(&ports[first..][..net.width as usize]),
                None => {
                    let first = fresh(name, net.width);
                    nets.nodes.extend(first..first + net.width);
                }
            }
            nets.start.push(nets.nodes.len() as u32);
        }
        nets
    }

    /// Nodes of `net`, wire 0 first.
    pub(super) fn net(&self, net: Id<ir::Net>) -> &[u32] {
        &self.nodes[self.start[net.index()] as usize..self.start[net.index() + 1] as usize]
    }

    /// Nodes of a connection, wire by wire; node `i` is supply `i`.
    pub(super) fn bits(&self, bits: &ir::Bits) -> Vec<u32> {
        let mut nodes = Vec::new();
        for slice in bits {
            match slice {
                Slice::Net { net, start, len } => {
                    nodes.extend_from_slice(&self.net(*net)[*start as usize..][..*len as usize]);
                }
                Slice::Supply(id) => nodes.push(id.index() as u32),
            }
        }
        nodes
    }
}

/// Wires of copy `copy` of a pin: its own, or those that all copies share.
pub(super) fn of_copy(wires: &[u32], copy: u32, count: u32, width: u32) -> &[u32] {
    let width = width as usize;
    if wires.len() == count as usize * width { &wires[copy as usize * width..][..width] } else { wires }
}

/// Value of copy `copy` of an argument.
fn arg(values: &[f64], copy: u32) -> f64 {
    if values.len() == 1 { values[0] } else { values[copy as usize] }
}

/// Parameters of `module` as copy `copy` of an instance with `args` sees them.
pub(super) fn params(module: &Module, args: &indexmap::IndexMap<String, Vec<f64>>, copy: u32) -> Vec<f64> {
    let value =
        |(name, default): (&String, &f64)| args.get(name).map_or(*default, |values| arg(values, copy));
    module.params.iter().map(value).collect()
}

impl<'d, 'c> Flattener<'d, 'c> {
    /// An empty circuit at `path`; node `i` is supply `i`.
    pub(super) fn new(design: &'d Design, setting: Setting<'c>, path: &str) -> Self {
        let mut names = Names::new();
        for (id, name, _) in design.supplies.iter() {
            names.span(id.index() as u32, 1, Place::ROOT, name);
        }
        let v_ref = design.supplies.find("v_ref").map(|id| design.supplies[id].volts);
        let rail = |volts: f64| match (setting.chip, v_ref) {
            (Some(chip), Some(v_ref)) => chip.rail(volts, v_ref),
            _ => volts,
        };
        let supplies = design.supplies.iter().map(|(_, _, supply)| Source::Supply(rail(supply.volts)));
        let flat = Flat {
            source: supplies.collect(),
            resistors: Vec::new(),
            capacitors: Vec::new(),
            arrays: Vec::new(),
            cells: Vec::new(),
            amps: Vec::new(),
            maps: Vec::new(),
            injected: Vec::new(),
            inputs: 0,
            outputs: Vec::new(),
            names,
            path: path.to_owned(),
        };
        Self { design, setting, flat }
    }

    /// A module on its own: inputs are its voltage and current input ports, outputs its voltage output ports.
    pub(super) fn module(mut self, id: Id<Module>, params: &[f64]) -> Result<Flat<'d>, Error> {
        super::known::check(self.design, id)?;
        let module = &self.design.modules[id];
        let mut nodes = Vec::new();
        for port in &module.ports {
            let (name, net) = (module.nets.name(port.net), &module.nets[port.net]);
            let first = self.nodes(Place::ROOT, name, net.width);
            nodes.extend(first..first + net.width);
            match (port.direction, net.nature) {
                (_, Nature::Select) => {}
                (Direction::Input, nature) => {
                    (first..first + net.width).try_for_each(|node| self.input(node, nature))?
                }
                (Direction::Output, Nature::Voltage) => self.flat.outputs.extend(first..first + net.width),
                (Direction::Output, Nature::Current) => return Err(Error::UnsunkCurrent(name.into())),
                (Direction::Passive, _) => return Err(Error::PassivePort(name.into())),
            }
        }
        self.body(id, Place::ROOT, &nodes, params)?;
        Ok(self.flat)
    }

    /// Adds `count` nodes, the wires of net `name`.
    pub(super) fn nodes(&mut self, at: Place, name: impl Into<Cow<'d, str>>, count: u32) -> u32 {
        let first = self.flat.source.len() as u32;
        self.flat.names.span(first, count, at, name);
        self.flat.source.resize((first + count) as usize, Source::Free);
        first
    }

    /// Makes `node` the next input of the program.
    pub(super) fn input(&mut self, node: u32, nature: Nature) -> Result<(), Error> {
        let input = self.flat.inputs;
        self.flat.inputs += 1;
        if nature == Nature::Current {
            self.flat.injected.push((node, input));
            return Ok(());
        }
        self.drive(node, Source::Input(input))
    }

    /// Adds the parts of `instance`, whose pins are wired to the nodes `pins`.
    pub(super) fn instance(
        &mut self,
        at: Place,
        name: &'d str,
        instance: &'d Instance,
        pins: &[Vec<u32>],
        outer: (&Module, &[f64]),
    ) -> Result<(), Error> {
        let widths: Vec<_> = instance.element.pins(self.design).iter().map(|p| p.width).collect();
        for copy in 0..instance.count {
            let at = self.flat.names.place(at, name, instance.array.then_some(copy));
            let wires: Vec<_> =
                pins.iter().zip(&widths).map(|(p, w)| of_copy(p, copy, instance.count, *w)).collect();
            self.element(at, instance, copy, &wires, outer)?;
        }
        Ok(())
    }

    fn element(
        &mut self,
        at: Place,
        instance: &'d Instance,
        copy: u32,
        pins: &[&[u32]],
        outer: (&Module, &[f64]),
    ) -> Result<(), Error> {
        match &instance.element {
            Element::Module(id) => {
                let params = params(&self.design.modules[*id], &instance.args, copy);
                self.body(*id, at, &pins.concat(), &params)
            }
            Element::Crossbar(crossbar) => self.crossbar(at, crossbar, pins),
            Element::Resistor(value) => self.resistor(at, value, pins, outer),
            // Open at DC.
            Element::Capacitor(Value::Number(farad)) => {
                self.flat.capacitors.push((pins[0][0], pins[1][0], *farad));
                Ok(())
            }
            Element::Capacitor(Value::Param(_)) => Ok(()),
            Element::OpAmp(id) => self.op_amp(at, &self.design.op_amps[*id], pins),
            Element::Behaviour(id) => self.behaviour(at, &self.design.behaviours[*id], instance, copy, pins),
            Element::Store(_) => Err(Error::Store(self.flat.names.path(at))),
            Element::Foreign(id) => {
                let (path, cell) = (self.flat.names.path(at), self.design.foreign.name(*id).into());
                Err(Error::Foreign { path, cell })
            }
            Element::Source(_) => Err(Error::Source(self.flat.names.path(at))),
        }
    }

    /// The inside of a module whose ports are wired to the nodes `ports`.
    fn body(&mut self, id: Id<Module>, at: Place, ports: &[u32], params: &[f64]) -> Result<(), Error> {
        let module = &self.design.modules[id];
        let nets = NetNodes::new(module, ports, |name, width| self.nodes(at, name, width));
        for (_, name, instance) in module.instances.iter() {
            let pins: Vec<_> = instance.pins.iter().map(|bits| nets.bits(bits)).collect();
            self.instance(at, name, instance, &pins, (module, params))?;
        }
        Ok(())
    }

    fn crossbar(&mut self, at: Place, crossbar: &'d Crossbar, pins: &[&[u32]]) -> Result<(), Error> {
        let fault = |flat: &Flat<'_>, what: String, value| {
            Err(Error::Crossbar { path: flat.names.path(at), what, value })
        };
        if let Some((name, value)) = crossbar.parasitics().absurd() {
            return fault(&self.flat, format!("`{name}`"), value);
        }
        if let Some(bad) = crossbar.conductance().iter().position(|g| !(*g >= 0.0 && g.is_finite())) {
            let (row, col) = (bad / crossbar.cols() as usize, bad % crossbar.cols() as usize);
            let what = format!("conductance ({row}, {col})");
            return fault(&self.flat, what, f64::from(crossbar.conductance()[bad]));
        }
        let cell = &self.design.cells[crossbar.cell()];
        let refused = |error| Error::Device { path: self.flat.names.path(at), error };
        let path = self.flat.path_of(at);
        let chip = self.setting.chip.map(|chip| (chip, path.as_str()));
        let made = chip.map(|(chip, path)| chip.crossbar(path, crossbar, cell)).transpose();
        let crossbar = made.map_err(refused)?.flatten().map_or(Cow::Borrowed(crossbar), Cow::Owned);
        let laws = laws(&crossbar, cell, chip).map_err(refused)?;
        let (rows, cols) = (pins[0].to_vec(), pins[1].to_vec());
        let flicker = self.setting.chip.map_or(0.0, |chip| chip.spec().cell_flicker(cell));
        self.flat.arrays.push(Array { at, crossbar, rows, cols, flicker, laws, placed: false });
        Ok(())
    }

    fn resistor(
        &mut self,
        at: Place,
        value: &Value,
        pins: &[&[u32]],
        (module, params): (&Module, &[f64]),
    ) -> Result<(), Error> {
        let ohms = match value {
            Value::Number(ohms) => *ohms,
            Value::Param(name) => match module.params.get_index_of(name) {
                Some(index) => params[index],
                None => return Err(Error::Param { path: self.flat.names.path(at), param: name.clone() }),
            },
        };
        if !(ohms > 0.0 && ohms.is_finite()) {
            return Err(Error::Resistance { path: self.flat.names.path(at), ohms });
        }
        let ohms = self.setting.chip.map_or(ohms, |chip| chip.resistance(&self.flat.path_of(at), ohms));
        self.flat.resistors.push(Edge { a: pins[0][0], b: pins[1][0], g: ohms.recip() });
        Ok(())
    }

    fn op_amp(&mut self, at: Place, op_amp: &ir::OpAmp, pins: &[&[u32]]) -> Result<(), Error> {
        let options = &self.setting.options;
        let deviation = self.setting.chip.map_or(0.0, |chip| chip.offset_of(&self.flat.path_of(at), op_amp));
        let spec = self.setting.chip.map(Chip::spec);
        let amp = Amp {
            at,
            inp: pins[0][0],
            inn: pins[1][0],
            out: pins[2][0],
            mid: op_amp.mid(),
            inverse_gain: options.inverse_gain(op_amp),
            offset: options.offset(op_amp) + deviation,
            gbw: op_amp.gbw,
            c_in: op_amp.c_in,
            density: spec.map_or(0.0, |spec| spec.density(op_amp)),
            corner: spec.map_or(0.0, |spec| spec.corner(op_amp)),
            swing: self.swing(op_amp.swing),
        };
        self.drive(amp.out, Source::Amp(self.flat.amps.len() as u32))?;
        self.flat.amps.push(amp);
        Ok(())
    }

    /// Where an output of the swing `declared` stops.
    fn swing(&self, (low, high): (f64, f64)) -> (f64, f64) {
        let high = self.setting.chip.map_or(high, |chip| chip.upper(high));
        self.setting.options.swing((low, high))
    }

    fn behaviour(
        &mut self,
        at: Place,
        behaviour: &ir::Behaviour,
        instance: &Instance,
        copy: u32,
        pins: &[&[u32]],
    ) -> Result<(), Error> {
        if let ir::Function::Own(own) = behaviour.function
            && own.native.is_none()
        {
            return Err(Error::NoFunction { path: self.flat.names.path(at), block: own.name });
        }
        // Supply pins, if it has any, come last.
        let (inputs, rest) = pins.split_at(behaviour.function.inputs().len());
        let unit = |name: &str| instance.args.get(name).map_or(behaviour.unit, |values| arg(values, copy));
        let names = behaviour.function.params();
        let (gain, offset) = self.setting.chip.map_or((1.0, 0.0), |chip| chip.block(&self.flat.path_of(at)));
        // A multiplier's one unit divides, an activation's second one multiplies.
        let (unit_in, unit_out) = (unit(names[0]), unit(names[names.len() - 1]));
        let is_multiplier = behaviour.function == ir::Function::Multiplier;
        let (unit_in, unit_out) =
            if is_multiplier { (unit_in / gain, unit_out) } else { (unit_in, unit_out * gain) };
        let map = Map {
            at,
            function: behaviour.function,
            inputs: [inputs[0][0], inputs[inputs.len() - 1][0]],
            out: rest[0][0],
            v_ref: rest[1][0],
            unit_in,
            unit_out,
            offset,
            swing: self.swing(behaviour.swing),
        };
        self.drive(map.out, Source::Map(self.flat.maps.len() as u32))?;
        self.flat.maps.push(map);
        Ok(())
    }

    fn drive(&mut self, node: u32, source: Source) -> Result<(), Error> {
        let slot = &mut self.flat.source[node as usize];
        if *slot != Source::Free {
            return Err(Error::TwoDrivers(self.flat.names.node(node)));
        }
        *slot = source;
        Ok(())
    }
}
