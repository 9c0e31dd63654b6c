//! Writes a module's subcircuit and the instances in it.

use crate::crossbar::{Place, supplies_of, write_cells};
use crate::dialect::Head;
use crate::error::Error;
use crate::foreign::Call;
use crate::name::{self, NodeNames, bit};
use crate::netlist::Netlist;
use crate::text::Text;
use crate::{store, wires};
use memloom_ir::{Crossbar, Element, FrameStore, Id, Instance, Module};

/// The name of the subcircuit of crossbar `instance` in `module`.
pub(crate) fn crossbar_name(module: &str, instance: &str) -> String {
    format!("ml_{module}__{instance}")
}

/// The names under which an instance's copies stand in text.
pub(crate) fn instance_names<'a>(inst: &'a str, instance: &'a Instance) -> impl Iterator<Item = String> + 'a {
    let rows = match &instance.element {
        Element::Store(frame) if frame.is_whole() => frame.height,
        _ => 1,
    };
    (0..instance.count).flat_map(move |copy| {
        let name = name::copy(inst, instance.array, copy);
        (0..rows).map(move |y| if rows == 1 { name.clone() } else { row_name(&name, y) })
    })
}

fn row_name(copy: &str, y: u32) -> String {
    format!("{copy}__row_{y}")
}

/// Writes the subcircuits that `id` needs of its own, then its own.
///
/// # Errors
/// Those of the writer and of templates.
pub(crate) fn write_subckt(netlist: &Netlist<'_>, text: &mut Text<'_>, id: Id<Module>) -> Result<(), Error> {
    let body = Body::new(netlist, id);
    body.crossbars(text)?;
    let module = body.module;
    let pins = body.pins();
    let params: Vec<(&str, f64)> =
        module.params.iter().map(|(name, default)| (name.as_str(), *default)).collect();
    let doc = module.doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let head = Head { name: body.name, doc: &doc, pins: &pins, params: &params };
    netlist.dialect.syntax().begin(text, &head)?;
    body.instances(text)?;
    netlist.dialect.syntax().finish(text, body.name)
}

/// Writes `id`'s instances at the top level: its ports are nodes there.
///
/// # Errors
/// Those of the writer and of templates.
pub(crate) fn write_flat(netlist: &Netlist<'_>, text: &mut Text<'_>, id: Id<Module>) -> Result<(), Error> {
    let body = Body::new(netlist, id);
    body.crossbars(text)?;
    body.instances(text)
}

/// A module under way.
struct Body<'a> {
    netlist: &'a Netlist<'a>,
    id: Id<Module>,
    name: &'a str,
    module: &'a Module,
    nodes: NodeNames,
}

impl<'a> Body<'a> {
    fn new(netlist: &'a Netlist<'a>, id: Id<Module>) -> Self {
        let (name, module) = (netlist.design.modules.name(id), &netlist.design.modules[id]);
        Self { netlist, id, name, module, nodes: NodeNames::new(&netlist.design, module) }
    }

    /// Ports, bit 0 first, then supplies.
    fn pins(&self) -> Vec<&str> {
        let ports = self.module.ports.iter().flat_map(|port| self.nodes.net(port.net)).map(String::as_str);
        ports.chain(self.netlist.supplies(self.id).map(|id| self.nodes.supply(id))).collect()
    }

    fn crossbars(&self, text: &mut Text<'_>) -> Result<(), Error> {
        for (_, inst, instance) in self.module.instances.iter() {
            if let Element::Crossbar(array) = &instance.element
                && !self.netlist.is_in_place(array)
            {
                write_crossbar(self.netlist, text, &crossbar_name(self.name, inst), array)?;
            }
        }
        Ok(())
    }

    fn instances(&self, text: &mut Text<'_>) -> Result<(), Error> {
        let mut nodes = Vec::new();
        for (_, inst, instance) in self.module.instances.iter() {
            let widths: Vec<u32> =
                instance.element.pins(&self.netlist.design).iter().map(|p| p.width).collect();
            for copy in 0..instance.count {
                nodes.clear();
                for (pin, &width) in widths.iter().enumerate() {
                    let start = wires::offset(instance, pin, width, copy);
                    self.nodes.push(&mut nodes, &instance.pins[pin], start, width);
                }
                let name = name::copy(inst, instance.array, copy);
                self.instance(text, inst, instance, &Copy { name: &name, index: copy }, &mut nodes)?;
            }
        }
        Ok(())
    }

    fn instance<'n>(
        &'n self,
        text: &mut Text<'_>,
        inst: &str,
        instance: &Instance,
        copy: &Copy<'_>,
        nodes: &mut Vec<&'n str>,
    ) -> Result<(), Error> {
        let (dialect, design) = (self.netlist.dialect, &self.netlist.design);
        let args = args(instance, copy.index);
        // A crossbar's cells have their body, the crossbar has none.
        if !matches!(instance.element, Element::Crossbar(_))
            && let Some(call) = Call::new(design, &instance.element, nodes, &args)
        {
            let Call { cell, nodes, args } = call;
            return dialect.syntax().foreign(text, cell.kind, copy.name, &nodes, &cell.name, &args);
        }
        match &instance.element {
            Element::Module(id) => {
                nodes.extend(self.netlist.supplies(*id).map(|supply| self.nodes.supply(supply)));
                dialect.syntax().call(text, copy.name, nodes, design.modules.name(*id), &args)
            }
            Element::Crossbar(array) if self.netlist.is_in_place(array) => {
                let (rows, rest) = nodes.split_at(array.rows() as usize);
                let (cols, rails) = rest.split_at(array.cols() as usize);
                let prefix = format!("ml_{}__", copy.name);
                let parameters = &self.netlist.parameters;
                let place = Place { prefix: &prefix, rows, cols, rails, parameters };
                Ok(write_cells(text.raw(), dialect, design, place, array)?)
            }
            Element::Crossbar(_) => {
                dialect.syntax().call(text, copy.name, nodes, &crossbar_name(self.name, inst), &[])
            }
            Element::Resistor(ohm) => dialect.syntax().resistor(text, copy.name, nodes, ohm),
            Element::Capacitor(farad) => dialect.syntax().capacitor(text, copy.name, nodes, farad),
            Element::OpAmp(id) => {
                dialect.syntax().call(text, copy.name, nodes, design.op_amps.name(*id), &[])
            }
            Element::Behaviour(id) => {
                dialect.syntax().call(text, copy.name, nodes, design.behaviours.name(*id), &args)
            }
            Element::Foreign(id) => {
                let cell = &design.foreign[*id];
                dialect.syntax().foreign(text, cell.kind, copy.name, nodes, &cell.name, &args)
            }
            Element::Source(source) => dialect.syntax().dc_source(text, copy.name, nodes, source),
            Element::Store(frame) if frame.is_whole() => self.store_rows(text, copy.name, frame, nodes),
            Element::Store(frame) => dialect.syntax().call(text, copy.name, nodes, &store::name(frame), &[]),
        }
    }

    /// A store that is read whole: one call per frame row. `nodes` are `inp`, taps, `wr_row`, `wr_col`, `v_ref`.
    fn store_rows(
        &self,
        text: &mut Text<'_>,
        copy: &str,
        frame: &FrameStore,
        nodes: &[&str],
    ) -> Result<(), Error> {
        let (height, width) = (frame.height as usize, frame.width as usize);
        let (taps, rest) = nodes[1..].split_at(height * width);
        let (wr_rows, wr_cols) = (&rest[..height], &rest[height..height + width]);
        for (y, (taps, wr_row)) in taps.chunks(width).zip(wr_rows).enumerate() {
            let row = [&nodes[..1], taps, &[*wr_row], wr_cols].concat();
            let name = if height == 1 { copy.to_owned() } else { row_name(copy, y as u32) };
            self.netlist.dialect.syntax().call(text, &name, &row, &store::name(frame), &[])?;
        }
        Ok(())
    }
}

/// One copy of an instance.
struct Copy<'a> {
    name: &'a str,
    index: u32,
}

/// What copy `copy` of an instance sets.
pub(crate) fn args(instance: &Instance, copy: u32) -> Vec<(&str, f64)> {
    let value = |values: &Vec<f64>| if values.len() == 1 { values[0] } else { values[copy as usize] };
    instance.args.iter().map(|(name, values)| (name.as_str(), value(values))).collect()
}

fn write_crossbar(
    netlist: &Netlist<'_>,
    text: &mut Text<'_>,
    name: &str,
    array: &Crossbar,
) -> Result<(), Error> {
    let bits = |name: &str, width| (0..width).map(|b| bit(name, width, b)).collect::<Vec<_>>();
    let (rows, cols) = (bits("row", array.rows()), bits("col", array.cols()));
    let supplies = supplies_of(&netlist.design, array).iter().map(|supply| supply.pin.as_str());
    let pins: Vec<&str> = rows.iter().chain(&cols).map(String::as_str).chain(supplies).collect();
    let doc =
        format!("{} x {} cells of {}", array.rows(), array.cols(), netlist.design.cells.name(array.cell()));
    netlist.dialect.syntax().begin(text, &Head { name, doc: &doc, pins: &pins, params: &[] })?;
    let (rows, rest) = pins.split_at(rows.len());
    let (cols, rails) = rest.split_at(array.cols() as usize);
    let place = Place { prefix: "", rows, cols, rails, parameters: &netlist.parameters };
    write_cells(text.raw(), netlist.dialect, &netlist.design, place, array)?;
    netlist.dialect.syntax().finish(text, name)
}
