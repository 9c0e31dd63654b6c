//! The streaming writer of crossbar cells: one flat line per cell; a resistor's without an allocation.

use crate::dialect::{CellSyntax, Dialect, Syntax};
use crate::error::Error;
use crate::model::start_arguments;
use crate::number::{number, put};
use crate::text::Name;
use memloom_ir::{ABSENT, Cell, CellNetlist, Crossbar, Design, ForeignPin, SupplyPin, resistance, siemens};
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
    /// The parameter of the netlist that is the resistance of a wire segment; the number itself if there is none.
    pub r_wire: Option<&'a str>,
}

/// The supply pins of a crossbar's cells.
pub(crate) fn supplies_of<'d>(design: &'d Design, array: &Crossbar) -> &'d [SupplyPin] {
    design.bodies.get(design.cells.name(array.cell())).map_or(&[], |body| &body.supplies)
}

impl Place<'_> {
    /// Whether all names are names; once, so that the lines can be written without a look at them.
    fn check(&self, cell: &str) -> Result<(), Error> {
        let prefix = (!self.prefix.is_empty()).then_some(self.prefix);
        let names = self.rows.iter().chain(self.cols).chain(self.rails).copied();
        let names = names.chain(prefix).chain([cell]).chain(self.r_wire);
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
    let syntax = dialect.syntax();
    let (open, close) = syntax.quotes();
    let wire = place.r_wire.map_or_else(|| number(array.r_wire()), |name| format!("{open}{name}{close}"));
    let buffer = Vec::with_capacity(CHUNK + 1024);
    let mut lines = Lines { out, syntax, cell, name, foreign, wire: &wire, buffer };
    let suffixes: Vec<String> = (0..array.cols()).map(|j| format!("_{j}")).collect();
    let mut at = "0".to_owned();
    for (i, &port) in (0..array.rows()).zip(place.rows) {
        let below = (i + 1).to_string();
        lines.row(&Row { place, port, at: &at, below: &below, suffixes: &suffixes }, i, array)?;
        at = below;
    }
    lines.flush()
}

/// A name in parts.
type Parts<'a> = [&'a str; 4];

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
    /// Node of its port.
    port: &'a str,
    /// Its number, and that of the next one.
    at: &'a str,
    below: &'a str,
    /// `_j` of every column.
    suffixes: &'a [String],
}

impl<'a> Row<'a> {
    /// The node of the wordline at a column.
    fn on_wordline(&self, j: usize) -> Parts<'_> {
        [self.place.prefix, "w_", self.at, &self.suffixes[j]]
    }

    /// The node of a bitline at this wordline.
    fn on_bitline(&self, j: usize) -> Parts<'_> {
        [self.place.prefix, "b_", self.at, &self.suffixes[j]]
    }

    /// What is before column `j` on the wordline.
    fn before(&self, j: usize) -> Parts<'_> {
        if j == 0 { ["", "", "", self.port] } else { self.on_wordline(j - 1) }
    }

    /// What is next on bitline `j`; of the `last` wordline its port.
    fn after(&self, j: usize, last: bool) -> Parts<'_> {
        if last {
            ["", "", "", self.place.cols[j]]
        } else {
            [self.place.prefix, "b_", self.below, &self.suffixes[j]]
        }
    }
}

struct Lines<'w> {
    out: &'w mut dyn Write,
    syntax: &'w dyn Syntax,
    cell: &'w Cell,
    /// The cell type's.
    name: &'w str,
    /// What stands at a cross-point, if it is the user's.
    foreign: Option<Foreign<'w>>,
    /// Resistance of a wire segment.
    wire: &'w str,
    buffer: Vec<u8>,
}

impl Lines<'_> {
    fn row(&mut self, row: &Row<'_>, i: u32, array: &Crossbar) -> io::Result<()> {
        let (wires, last) = (array.r_wire() > 0.0, i + 1 == array.rows());
        for (j, &g) in array.row(i).iter().enumerate() {
            let ends = match wires {
                true => [row.on_wordline(j), row.on_bitline(j)],
                false => [["", "", "", row.port], ["", "", "", row.place.cols[j]]],
            };
            match self.cell.netlist {
                _ if g == ABSENT => {}
                _ if self.foreign.is_some() => self.foreign(row, j, ends, g)?,
                CellNetlist::Resistor => self.resistor(row, j, ends, resistance(g))?,
                CellNetlist::Device => self.device(row, j, ends, g)?,
            }
            if wires {
                // The wordline segment before the cross-point, the bitline segment after it.
                self.wire(row, "w", j, [row.before(j), row.on_wordline(j)])?;
                self.wire(row, "b", j, [row.on_bitline(j), row.after(j, last)])?;
            }
        }
        Ok(())
    }

    fn resistor(&mut self, row: &Row<'_>, col: usize, ends: [Parts<'_>; 2], ohm: f64) -> io::Result<()> {
        self.open(&self.syntax.cell(), row, "", col, ends);
        put(&mut self.buffer, ohm);
        self.close()
    }

    fn wire(&mut self, row: &Row<'_>, kind: &str, col: usize, ends: [Parts<'_>; 2]) -> io::Result<()> {
        self.open(&self.syntax.cell(), row, kind, col, ends);
        self.buffer.extend_from_slice(self.wire.as_bytes());
        self.close()
    }

    /// An instance of the cell's model that starts in the state of `g`.
    fn device(&mut self, row: &Row<'_>, col: usize, ends: [Parts<'_>; 2], g: f32) -> io::Result<()> {
        let start = self.cell.device.state_for(siemens(g), self.cell.v_read).map_err(io::Error::other)?;
        let syntax = self.syntax.device();
        self.open(&syntax, row, "", col, ends);
        let space = if syntax.args.is_empty() { "" } else { " " };
        write!(self.buffer, "{}{space}{}", self.name, syntax.args)?;
        for (state, x) in start_arguments(&self.cell.device, &start) {
            write!(self.buffer, " {state}=")?;
            put(&mut self.buffer, x);
        }
        self.close()
    }

    /// An instance of a foreign cell whose target is `g`.
    fn foreign(&mut self, row: &Row<'_>, col: usize, [p, n]: [Parts<'_>; 2], g: f32) -> io::Result<()> {
        let Some(cell) = &self.foreign else { return Ok(()) };
        let syntax = self.syntax.device();
        let mut put_all =
            |parts: &[&str]| parts.iter().for_each(|part| self.buffer.extend_from_slice(part.as_bytes()));
        put_all(&[syntax.name, row.place.prefix, row.at, &row.suffixes[col], syntax.nodes]);
        for (at, slot) in cell.slots.iter().enumerate() {
            put_all(if at > 0 { &[" "] } else { &[] });
            match slot {
                Slot::Row => put_all(&p),
                Slot::Col => put_all(&n),
                Slot::Rail(node) => put_all(&[node]),
            }
        }
        let space = if syntax.args.is_empty() { "" } else { " " };
        put_all(&[syntax.value, cell.master, space, syntax.args]);
        for (name, value) in cell.args {
            write!(self.buffer, " {name}=")?;
            put(&mut self.buffer, *value);
        }
        write!(self.buffer, " {}=", cell.target)?;
        put(&mut self.buffer, if cell.target == "r" { resistance(g) } else { siemens(g) });
        self.close()
    }

    /// A line as far as its value.
    fn open(&mut self, syntax: &CellSyntax, row: &Row<'_>, kind: &str, col: usize, [p, n]: [Parts<'_>; 2]) {
        let name = [syntax.name, row.place.prefix, kind, row.at, &row.suffixes[col], syntax.nodes];
        for part in name.iter().chain(&p).chain(&[" "]).chain(&n).chain(&[syntax.value]) {
            self.buffer.extend_from_slice(part.as_bytes());
        }
    }

    fn close(&mut self) -> io::Result<()> {
        self.buffer.push(b'\n');
        if self.buffer.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }
}
