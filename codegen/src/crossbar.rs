//! The streaming writer of crossbar cells: one flat line per cell; a resistor's without an allocation.

use crate::dialect::{CellSyntax, Dialect};
use crate::error::Error;
use crate::model::start_arguments;
use crate::number::{number, put};
use crate::text::Name;
use memloom_ir::{ABSENT, Cell, CellNetlist, Crossbar, Design, resistance, siemens};
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
    /// The parameter of the netlist that is the resistance of a wire segment; the number itself if there is none.
    pub r_wire: Option<&'a str>,
}

impl Place<'_> {
    /// Whether all names are names; once, so that the lines can be written without a look at them.
    fn check(&self, cell: &str) -> Result<(), Error> {
        let prefix = (!self.prefix.is_empty()).then_some(self.prefix);
        let names = self.rows.iter().chain(self.cols).copied().chain(prefix).chain([cell]).chain(self.r_wire);
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
    place.check(name).map_err(io::Error::other)?;
    let (open, close) = dialect.quotes();
    let wire = place.r_wire.map_or_else(|| number(array.r_wire()), |name| format!("{open}{name}{close}"));
    let syntax = dialect.cell();
    let mut lines =
        Lines { out, dialect, syntax, cell, name, wire: &wire, buffer: Vec::with_capacity(CHUNK + 1024) };
    let suffixes: Vec<String> = (0..array.cols()).map(|j| format!("_{j}")).collect();
    for (i, &port) in (0..array.rows()).zip(place.rows) {
        lines.row(&Row::new(dialect, place, port, i, &suffixes), i, array)?;
    }
    lines.flush()
}

/// A name in two parts: of the row, of the column.
type Parts<'a> = [&'a str; 2];

/// A wordline under way: all names but for their columns.
struct Row<'a> {
    place: Place<'a>,
    /// Node of its port.
    port: &'a str,
    /// Of cells, and of the wires of wordline and bitline before and after them.
    names: [String; 3],
    /// Nodes of the wordline, of the bitlines here and at the next wordline.
    wordline: String,
    bitline: String,
    below: String,
    /// `_j` of every column.
    suffixes: &'a [String],
}

impl<'a> Row<'a> {
    fn new(dialect: &dyn Dialect, place: Place<'a>, port: &'a str, i: u32, suffixes: &'a [String]) -> Self {
        let (letter, prefix) = (dialect.cell().name, place.prefix);
        let names = ["", "w", "b"].map(|kind| format!("{letter}{prefix}{kind}{i}"));
        let [wordline, bitline] = ["w_", "b_"].map(|line| format!("{prefix}{line}{i}"));
        let below = format!("{prefix}b_{}", i + 1);
        Self { place, port, names, wordline, bitline, below, suffixes }
    }

    /// The node of the wordline at a column.
    fn on_wordline(&self, j: usize) -> Parts<'_> {
        [&self.wordline, &self.suffixes[j]]
    }

    /// The node of a bitline at this wordline.
    fn on_bitline(&self, j: usize) -> Parts<'_> {
        [&self.bitline, &self.suffixes[j]]
    }

    /// What is before column `j` on the wordline.
    fn before(&self, j: usize) -> Parts<'_> {
        if j == 0 { [self.port, ""] } else { self.on_wordline(j - 1) }
    }

    /// What is next on bitline `j`; of the `last` wordline its port.
    fn after(&self, j: usize, last: bool) -> Parts<'_> {
        if last { [self.place.cols[j], ""] } else { [&self.below, &self.suffixes[j]] }
    }
}

struct Lines<'w> {
    out: &'w mut dyn Write,
    dialect: &'w dyn Dialect,
    syntax: CellSyntax,
    cell: &'w Cell,
    /// The cell type's.
    name: &'w str,
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
                false => [[row.port, ""], [row.place.cols[j], ""]],
            };
            match self.cell.netlist {
                _ if g == ABSENT => {}
                CellNetlist::Resistor => {
                    self.resistor([&row.names[0], &row.suffixes[j]], ends, resistance(g))?
                }
                CellNetlist::Device => self.device(row, j, ends, g)?,
            }
            if wires {
                // The wordline segment before the cross-point, the bitline segment after it.
                self.wire([&row.names[1], &row.suffixes[j]], [row.before(j), row.on_wordline(j)])?;
                self.wire([&row.names[2], &row.suffixes[j]], [row.on_bitline(j), row.after(j, last)])?;
            }
        }
        Ok(())
    }

    fn resistor(&mut self, name: Parts<'_>, ends: [Parts<'_>; 2], ohm: f64) -> io::Result<()> {
        self.open(self.syntax, name, ends);
        put(&mut self.buffer, ohm);
        self.close()
    }

    fn wire(&mut self, name: Parts<'_>, ends: [Parts<'_>; 2]) -> io::Result<()> {
        self.open(self.syntax, name, ends);
        self.buffer.extend_from_slice(self.wire.as_bytes());
        self.close()
    }

    /// An instance of the cell's model that starts in the state of `g`.
    fn device(&mut self, row: &Row<'_>, col: usize, ends: [Parts<'_>; 2], g: f32) -> io::Result<()> {
        let start = self.cell.device.state_for(siemens(g), self.cell.v_read).map_err(io::Error::other)?;
        let syntax = self.dialect.device();
        let name = format!("{}{}", syntax.name, &row.names[0][self.syntax.name.len()..]);
        self.open(syntax, [&name, &row.suffixes[col]], ends);
        let space = if syntax.args.is_empty() { "" } else { " " };
        write!(self.buffer, "{}{space}{}", self.name, syntax.args)?;
        for (state, x) in start_arguments(&self.cell.device, &start) {
            write!(self.buffer, " {state}=")?;
            put(&mut self.buffer, x);
        }
        self.close()
    }

    /// A line as far as its value.
    fn open(&mut self, syntax: CellSyntax, name: Parts<'_>, [p, n]: [Parts<'_>; 2]) {
        let parts = [name[0], name[1], syntax.nodes, p[0], p[1], " ", n[0], n[1], syntax.value];
        parts.iter().for_each(|part| self.buffer.extend_from_slice(part.as_bytes()));
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
