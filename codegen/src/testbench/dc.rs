//! A deck that puts vectors on a module's inputs and reads its outputs, at DC.

use super::{Deck, deck};
use crate::dialect::{Analysis, Drive, Source, TestBench, Tolerance};
use crate::error::Error;
use crate::files::{write_models, write_subckts};
use crate::model::verilog_a_of;
use crate::module::write_flat;
use crate::name::bit;
use crate::netlist::Netlist;
use crate::text::Text;
use memloom_ir::{Design, Direction, Id, Module, Nature};

/// Where a deck gets its circuit from.
#[derive(Debug, Clone, Copy)]
pub enum Circuit<'a> {
    /// All subcircuits and models stand in the deck, Verilog-A files beside it.
    Embedded,
    /// From these netlist files, paths as seen from the deck's folder. They hold every module that is narrow enough
    /// for a subcircuit; a wider one stands flat in the deck.
    Files(&'a [String]),
}

/// A deck that computes the DC outputs of `module` for every vector.
///
/// A vector has a value for every wire of every voltage (volts) and current (amperes, into the module) input port, in
/// port order, bit 0 first. [`Deck::outputs`] are the wires of the voltage output ports in port order. The rawfile has
/// one point per vector. Supplies are ideal sources.
///
/// # Errors
/// [`Error::Testbench`] for no vectors, a vector of wrong length or with a value that is not finite, a port that a DC
/// deck cannot drive or read; [`Error::Refused`] for what the dialect cannot say.
pub fn dc_deck(
    dialect: &dyn TestBench,
    design: &Design,
    module: Id<Module>,
    vectors: &[Vec<f64>],
    circuit: Circuit<'_>,
) -> Result<Deck, Error> {
    let netlist = Netlist::below(dialect, design, module)?;
    let bench = Bench::new(dialect, &netlist, module)?;
    bench.check(vectors)?;
    let analysis = Analysis::Points(vectors.len());
    let tolerance = if design.foreign.is_empty() { Tolerance::Exact } else { Tolerance::Transistors };
    let title = format!("{}: DC of {}, {} vectors", design.name, bench.name, vectors.len());
    let name = format!("dc_{}", bench.name);
    let mut deck = deck(dialect, &name, &title, analysis, tolerance, bench.outputs.clone(), |text| {
        bench.circuit(text, circuit)?;
        bench.drive(text, vectors)
    })?;
    if dialect.takes_verilog_a() && matches!(circuit, Circuit::Embedded) {
        deck.files = verilog_a_of(design, !netlist.stores.is_empty())?;
    }
    Ok(deck)
}

/// A module under test.
struct Bench<'a> {
    dialect: &'a dyn TestBench,
    netlist: &'a Netlist<'a>,
    id: Id<Module>,
    name: &'a str,
    module: &'a Module,
    /// Driven nodes, and whether by a current.
    inputs: Vec<(String, bool)>,
    outputs: Vec<String>,
}

impl<'a> Bench<'a> {
    fn new(dialect: &'a dyn TestBench, netlist: &'a Netlist<'a>, id: Id<Module>) -> Result<Self, Error> {
        let (name, module) = (netlist.design.modules.name(id), &netlist.design.modules[id]);
        let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
        for port in &module.ports {
            let (net, net_name) = (&module.nets[port.net], module.nets.name(port.net));
            let wires = (0..net.width).map(|b| bit(net_name, net.width, b));
            match (port.direction, net.nature) {
                (Direction::Input, Nature::Voltage) => inputs.extend(wires.map(|wire| (wire, false))),
                (Direction::Input, Nature::Current) => inputs.extend(wires.map(|wire| (wire, true))),
                (Direction::Output, Nature::Voltage) => outputs.extend(wires),
                (direction, nature) => {
                    let direction = format!("{direction:?}").to_lowercase();
                    let what = format!(
                        "port `{net_name}` is a {} {direction}, which a DC deck cannot use; \
                         give voltage or current inputs and voltage outputs",
                        nature.name()
                    );
                    return Err(Error::Testbench { module: name.into(), what });
                }
            }
        }
        if outputs.is_empty() {
            let what = "it has no voltage output; give it one to read".into();
            return Err(Error::Testbench { module: name.into(), what });
        }
        Ok(Self { dialect, netlist, id, name, module, inputs, outputs })
    }

    fn check(&self, vectors: &[Vec<f64>]) -> Result<(), Error> {
        let fail = |what| Err(Error::Testbench { module: self.name.into(), what });
        if vectors.is_empty() {
            return fail("there is no input vector; give at least one".into());
        }
        for (index, vector) in vectors.iter().enumerate() {
            if vector.len() != self.inputs.len() {
                let (given, wanted) = (vector.len(), self.inputs.len());
                return fail(format!("vector {index} has {given} values; give {wanted}, one per input wire"));
            }
            if let Some(bad) = vector.iter().find(|x| !x.is_finite()) {
                return fail(format!("vector {index} has the value `{bad}`; give finite numbers"));
            }
        }
        Ok(())
    }

    fn circuit(&self, text: &mut Text<'_>, circuit: Circuit<'_>) -> Result<(), Error> {
        let (dialect, design) = (self.dialect, &*self.netlist.design);
        match circuit {
            Circuit::Files(paths) => text.lines(&dialect.syntax().includes(paths)?)?,
            Circuit::Embedded => {
                write_models(self.netlist, text, "")?;
                write_subckts(self.netlist, text)?;
            }
        }
        if !self.netlist.is_subckt(self.id) {
            return write_flat(self.netlist, text, self.id);
        }
        let ports = self.module.ports.iter();
        let wires = ports.flat_map(|port| {
            let (name, width) = (self.module.nets.name(port.net), self.module.nets[port.net].width);
            (0..width).map(move |b| bit(name, width, b))
        });
        let supplies = self.netlist.supplies(self.id).map(|id| design.supplies.name(id).to_owned());
        let nodes: Vec<String> = wires.chain(supplies).collect();
        let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
        dialect.syntax().call(text, "ml_dut", &nodes, self.name, &[])
    }

    fn drive(&self, text: &mut Text<'_>, vectors: &[Vec<f64>]) -> Result<(), Error> {
        let dialect = self.dialect;
        for id in self.netlist.supplies(self.id) {
            let node = self.netlist.design.supplies.name(id);
            let source = Source { name: &format!("ml_supply_{node}"), node, current: false };
            dialect.source(text, source, Drive::Constant(self.netlist.design.supplies[id].volts))?;
        }
        let mut values = vec![0.0; vectors.len()];
        for (index, (node, current)) in self.inputs.iter().enumerate() {
            values.iter_mut().zip(vectors).for_each(|(value, vector)| *value = vector[index]);
            let source = Source { name: &format!("ml_in_{node}"), node, current: *current };
            dialect.source(text, source, Drive::Indexed(&values))?;
        }
        Ok(())
    }
}
