//! CDL: the netlist that a layout is compared with.
//!
//! It has devices only: no source, no expression, no parameter, no conductance. An array has a cell at every cross-point,
//! whatever the weights are, so that arrays of one size are one subcircuit, which is laid out once; what the cells hold is
//! in the programming map, other values are in the list of [`Cdl::write_values`].
//!
//! It is no dialect: those print the circuit that the evaluator computes, this prints what is to be drawn. It shares
//! their names, which a [`Netlist`] has checked.
//!
//! What memloom has no devices for is an empty subcircuit, a [`BlackBox`], and said to be one. It gets the rails `vdd` and
//! `vss` where the technology declares no supply pins: a circuit of transistors cannot do without.

mod array;
mod boxes;
mod module;
mod statement;
mod values;

pub use array::{Array, array_name};
pub use boxes::BlackBox;
pub use statement::Pin;

use crate::dialect::{Dialect, Ngspice, Syntax};
use crate::error::Error;
use crate::name::NameRules;
use crate::netlist::Netlist;
use crate::text::{Comment, Lines, Text};
use indexmap::IndexMap;
use memloom_ir::{Design, Element, FrameStore};
use std::io::Write;

const NAME: &str = "cdl";
/// Rails of what has no supply pins of its own.
const RAILS: [&str; 2] = ["vdd", "vss"];
/// Black boxes of passive parts whose value the user of their module sets.
const RESISTOR: &str = "ml_resistor";
const CAPACITOR: &str = "ml_capacitor";

/// A design ready to be printed as CDL.
pub struct Cdl<'d> {
    design: &'d Design,
    netlist: Netlist<'d>,
    arrays: IndexMap<String, Array<'d>>,
    boxes: IndexMap<String, BlackBox>,
    /// Per module: whether something in it hangs on [`RAILS`].
    powered: Vec<bool>,
}

impl<'d> Cdl<'d> {
    /// Prepares `design`.
    ///
    /// # Errors
    /// [`Error::Refused`] for the first thing that CDL cannot say.
    pub fn new(design: &'d Design) -> Result<Self, Error> {
        let netlist = Netlist::new(&Names, design)?;
        let powered = boxes::powered(design);
        let mut cdl = Self { design, netlist, arrays: IndexMap::new(), boxes: IndexMap::new(), powered };
        module::check(&cdl)?;
        let instances = design.modules.iter().flat_map(|(.., module)| module.instances.iter());
        for (.., instance) in instances {
            if let Element::Crossbar(array) = &instance.element {
                let array = Array::new(design, array);
                cdl.arrays.entry(array.name.clone()).or_insert(array);
            } else if let Some(name) = boxes::master(design, &instance.element) {
                let found = || BlackBox::new(design, &instance.element, name.clone());
                cdl.boxes.entry(name.clone()).or_insert_with(found);
            }
        }
        Ok(cdl)
    }

    /// The subcircuits of its crossbars, in order of first use.
    pub fn arrays(&self) -> impl ExactSizeIterator<Item = &Array<'d>> {
        self.arrays.values()
    }

    /// What it has no devices for, in order of first use.
    pub fn black_boxes(&self) -> impl ExactSizeIterator<Item = &BlackBox> {
        self.boxes.values()
    }

    /// Each module's subcircuit and its pins, in the order in which they are printed.
    pub fn subcircuits(&self) -> impl Iterator<Item = (&str, Vec<Pin>)> {
        self.netlist.modules().map(|(id, name, _)| (name, module::pins(self, id)))
    }

    /// Writes the arrays, and an empty subcircuit for the cell that they are made of.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_arrays(&self, out: &mut dyn Write) -> Result<(), Error> {
        let mut text =
            self.head(out, "arrays; which conductance a cell is to have is in the programming map")?;
        let mut cells: Vec<&str> = Vec::new();
        for array in self.arrays() {
            if !cells.contains(&array.cell) {
                cells.push(array.cell);
                let doc = "a memristor, p on the wordline, n on the bitline";
                statement::empty(&mut text, array.cell, doc, &array.cell_info())?;
            }
            array.write(&mut text)?;
        }
        Ok(())
    }

    /// Writes the empty subcircuits of black boxes.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write_boxes(&self, out: &mut dyn Write) -> Result<(), Error> {
        let mut text = self.head(out, "black boxes: pins of circuits that are still to be drawn")?;
        let mut boxes = self.black_boxes();
        boxes.try_for_each(|found| statement::empty(&mut text, &found.name, &found.what, &found.pins))
    }

    /// Writes the subcircuits of modules, the top last, behind the inclusion of `files`.
    ///
    /// # Errors
    /// Those of the writer; [`Error::Unplaceable`] for a path that cannot stand between quotes.
    pub fn write_network(&self, out: &mut dyn Write, files: &[String]) -> Result<(), Error> {
        let mut text = self.head(out, "modules, the top last")?;
        text.lines(&Ngspice.syntax().includes(files)?)?;
        self.netlist.modules().try_for_each(|(id, ..)| module::write(self, &mut text, id))
    }

    fn head<'w>(&self, out: &'w mut dyn Write, title: &str) -> Result<Text<'w>, Error> {
        let mut text = Text::new(out, Ngspice.syntax().wrap());
        let mut head = Lines::default();
        head.line(("* ", Comment::new(&format!("{}: {title}", self.design.name))));
        head.line((
            "* written by memloom ",
            env!("CARGO_PKG_VERSION"),
            " as CDL, to compare a layout with: no simulator's netlist, black boxes are empty",
        ));
        text.lines(&head)?;
        Ok(text)
    }
}

/// What CDL takes for a name. It has no models and no simulator.
struct Names;

impl Dialect for Names {
    fn name(&self) -> &'static str {
        NAME
    }

    fn extension(&self) -> &'static str {
        NAME
    }

    fn names(&self) -> NameRules {
        NameRules::new(true, &[], &[])
    }

    fn syntax(&self) -> &dyn Syntax {
        Ngspice.syntax()
    }

    fn models(&self, _: &Design, _: &[FrameStore], _: &'static str) -> Result<Lines, Error> {
        Ok(Lines::default())
    }

    fn has_bodies(&self) -> bool {
        false
    }
}
