//! The streaming writer of crossbar cells: one flat line per cell; a resistor's without an allocation.

use crate::dialect::{CellSyntax, Dialect};
use crate::error::Error;
use crate::model::start_arguments;
use crate::number::{resistance, write_number};
use crate::text::Name;
use memloom_ir::{ABSENT, Cell, CellNetlist, Crossbar, Design, ForeignPin, SupplyPin};
use std::io::{self, Write};

/// Bytes collected before they go to the writer.
const CHUNK: usize = 1 << 16;

/// Where a crossbar's lines come to stand.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Put before every element and inner node name; empty inside a subcircuit of the crossbar's own.
    pub prefix: &'a str,
    /// Node of each wordline's port.
    pub rows: &'a [&'a str],
    /// Node of each bitline's port.
    pub cols: &'a [&'a str],
    /// Node of each supply pin of the cells, in the order of their body's.
    pub rails: &'a [&'a str],
}

/// The supply pins of a crossbar's cells.
pub(crate) fn supplies_of<'d>(design: &'d Design, array: &Crossbar) -> &'d [SupplyPin] {
    design.bodies.get(design.cells.name(array.cell())).map_or(&[], |body| &body.supplies)
}

impl Place<'_> {
    /// Whether all names are names; once, so that the lines can be written without a look at them.
    fn check(&self, cell: &str) -> Result<(), Error> {
        let prefix = (!self.prefix.is_empty()).then_some(self.prefix);
        let names = self.rows.iter().chain(self.cols).chain(self.rails).copied().chain(prefix).chain([cell]);
        names.map(Name::new).try_for_each(|name| name.map(|_| ()))
    }
}

/// Writes the cells of `array`, one of `design`'s, row by row, with its wires if they have resistance.
///
/// Cell `(i, j)` is `R<i>_<j>`, or `X<i>_<j>` where cells are devices. With wires, it hangs between node `w_<i>_<j>` of
/// its wordline and `b_<i>_<j>` of its bitline; segment `Rw<i>_<j>` leads to the former from the port's side, `Rb<i>_<j>`
/// from the latter towards the port.
///
/// # Errors
/// Those of the writer; [`memloom_ir::device::Error::Reach`] inside one for a device that has no state of its target, and
/// [`crate::Error::Unplaceable`] for a name of `place` or of the cell that is none.
pub fn write_cells(
    out: &mut dyn Write,
    dialect: &dyn Dialect,
    design: &Design,
    place: Place<'_>,
    array: &Crossbar,
) -> io::Result<()> {
    let (cell, name) = (&design.cells[array.cell()], design.cells.name(array.cell()));
    let foreign = Foreign::new(design, name, place);
    place.check(foreign.as_ref().map_or(name, |cell| cell.master)).map_err(io::Error::other)?;
    let mut lines = Lines { out, dialect, buffer: Vec::with_capacity(CHUNK + 1024) };
    let suffixes: Vec<String> = (0..array.cols()).map(|j| format!("_{j}")).collect();
    let wires = array.r_wire() > 0.0;
    for i in 0..array.rows() {
        let row = Row { place, index: i, suffixes: &suffixes };
        for (j, &g) in array.row(i).iter().enumerate() {
            if g != ABSENT {
                let nodes: [&dyn Node; 2] = if wires {
                    [&Inner(&row, "w_", i, j), &Inner(&row, "b_", i, j)]
                } else {
                    [&place.rows[i as usize], &place.cols[j]]
                };
                match (&foreign, cell.netlist) {
                    (Some(foreign), _) => lines.foreign(&row, j, nodes, foreign, g)?,
                    (None, CellNetlist::Resistor) => lines.resistor(&row, "", j, nodes, resistance(g))?,
                    (None, CellNetlist::Device) => lines.device(&row, j, nodes, name, cell, g.into())?,
                }
            }
            if wires {
                lines.segments(&row, j, array)?;
            }
        }
    }
    lines.flush()
}

/// A foreign cell at a cross-point.
struct Foreign<'a> {
    master: &'a str,
    /// What each of its pins is wired to, in the file's order.
    slots: Vec<Slot<'a>>,
    /// Parameters that all cells set.
    args: &'a [(String, f64)],
    /// The parameter that gets the target: a resistance if it is `r`, else a conductance.
    target: &'static str,
}

/// What a pin of a foreign cell is wired to.
enum Slot<'a> {
    Row,
    Col,
    Rail(&'a str),
}

impl<'a> Foreign<'a> {
    /// The body of the cell type called `name`, if it is foreign.
    fn new(design: &'a Design, name: &str, place: Place<'a>) -> Option<Self> {
        let body = design.bodies.get(name)?;
        let cell = body.cell.as_ref()?;
        let slot = |pin: &'a ForeignPin| match pin.name.as_str() {
            "p" => Some(Slot::Row),
            "n" => Some(Slot::Col),
            name => {
                let at = body.supplies.iter().position(|supply| supply.pin == name)?;
                place.rails.get(at).copied().map(Slot::Rail)
            }
        };
        let slots = cell.pins.iter().filter_map(slot).collect();
        let takes = |param: &str| cell.params.iter().any(|known| known.eq_ignore_ascii_case(param));
        let target = if takes("r") { "r" } else { "g" };
        Some(Self { master: &cell.name, slots, args: &body.args, target })
    }
}

/// A wordline under way.
struct Row<'a> {
    place: Place<'a>,
    index: u32,
    suffixes: &'a [String],
}

/// Something that writes a node's name.
trait Node {
    fn write(&self, out: &mut Vec<u8>) -> io::Result<()>;
}

impl Node for &str {
    fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        out.extend_from_slice(self.as_bytes());
        Ok(())
    }
}

/// An inner node of a crossbar with wires: row's place, line kind, row and column.
struct Inner<'a>(&'a Row<'a>, &'static str, u32, usize);

impl Node for Inner<'_> {
    fn write(&self, out: &mut Vec<u8>) -> io::Result<()> {
        let Inner(row, kind, i, j) = self;
        write!(out, "{}{kind}{i}{}", row.place.prefix, row.suffixes[*j])
    }
}

struct Lines<'w> {
    out: &'w mut dyn Write,
    dialect: &'w dyn Dialect,
    buffer: Vec<u8>,
}

impl Lines<'_> {
    fn resistor(
        &mut self,
        row: &Row<'_>,
        kind: &str,
        col: usize,
        nodes: [&dyn Node; 2],
        ohm: f64,
    ) -> io::Result<()> {
        self.open(self.dialect.cell(), row, kind, col, nodes)?;
        write_number(&mut self.buffer, ohm)?;
        self.close()
    }

    /// An instance of the model `name`, which starts at `g` siemens.
    fn device(
        &mut self,
        row: &Row<'_>,
        col: usize,
        nodes: [&dyn Node; 2],
        name: &str,
        cell: &Cell,
        g: f64,
    ) -> io::Result<()> {
        let start = cell.device.state_for(g, cell.v_read).map_err(io::Error::other)?;
        self.open(self.dialect.device(), row, "", col, nodes)?;
        self.buffer.extend_from_slice(name.as_bytes());
        let word = self.dialect.device().args;
        if !word.is_empty() {
            write!(self.buffer, " {word}")?;
        }
        for (state, x) in start_arguments(&cell.device, &start) {
            write!(self.buffer, " {state}=")?;
            write_number(&mut self.buffer, x)?;
        }
        self.close()
    }

    /// An instance of a foreign cell whose target is `g` siemens.
    fn foreign(
        &mut self,
        row: &Row<'_>,
        col: usize,
        [p, n]: [&dyn Node; 2],
        cell: &Foreign<'_>,
        g: f32,
    ) -> io::Result<()> {
        let syntax = self.dialect.device();
        self.name(syntax, row, "", col)?;
        for (at, slot) in cell.slots.iter().enumerate() {
            if at > 0 {
                self.buffer.push(b' ');
            }
            match slot {
                Slot::Row => p.write(&mut self.buffer)?,
                Slot::Col => n.write(&mut self.buffer)?,
                Slot::Rail(node) => self.buffer.extend_from_slice(node.as_bytes()),
            }
        }
        self.buffer.extend_from_slice(syntax.value.as_bytes());
        self.buffer.extend_from_slice(cell.master.as_bytes());
        if !syntax.args.is_empty() {
            write!(self.buffer, " {}", syntax.args)?;
        }
        for (name, value) in cell.args {
            write!(self.buffer, " {name}=")?;
            write_number(&mut self.buffer, *value)?;
        }
        write!(self.buffer, " {}=", cell.target)?;
        write_number(&mut self.buffer, if cell.target == "r" { resistance(g) } else { g.into() })?;
        self.close()
    }

    /// A line as far as its value.
    fn open(
        &mut self,
        syntax: CellSyntax,
        row: &Row<'_>,
        kind: &str,
        col: usize,
        [p, n]: [&dyn Node; 2],
    ) -> io::Result<()> {
        self.name(syntax, row, kind, col)?;
        let buffer = &mut self.buffer;
        p.write(buffer)?;
        buffer.push(b' ');
        n.write(buffer)?;
        buffer.extend_from_slice(syntax.value.as_bytes());
        Ok(())
    }

    /// A line as far as its nodes.
    fn name(&mut self, syntax: CellSyntax, row: &Row<'_>, kind: &str, col: usize) -> io::Result<()> {
        let buffer = &mut self.buffer;
        write!(buffer, "{}{}{kind}{}", syntax.name, row.place.prefix, row.index)?;
        buffer.extend_from_slice(row.suffixes[col].as_bytes());
        buffer.extend_from_slice(syntax.nodes.as_bytes());
        Ok(())
    }

    fn close(&mut self) -> io::Result<()> {
        self.buffer.push(b'\n');
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    /// The wordline segment before cross-point `(row, j)` and the bitline segment after it.
    fn segments(&mut self, row: &Row<'_>, j: usize, array: &Crossbar) -> io::Result<()> {
        let i = row.index;
        let before: &dyn Node =
            if j == 0 { &row.place.rows[i as usize] } else { &Inner(row, "w_", i, j - 1) };
        self.resistor(row, "w", j, [before, &Inner(row, "w_", i, j)], array.r_wire())?;
        let after: &dyn Node =
            if i + 1 == array.rows() { &row.place.cols[j] } else { &Inner(row, "b_", i + 1, j) };
        self.resistor(row, "b", j, [&Inner(row, "b_", i, j), after], array.r_wire())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}
