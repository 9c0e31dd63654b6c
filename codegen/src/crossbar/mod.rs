//! The streaming writer of crossbar cells: one flat line per cell; a resistor's without an allocation.

mod foreign;
mod row;

use crate::dialect::{CellSyntax, Dialect, Syntax};
use crate::error::Error;
use crate::model::start_arguments;
use crate::number::put;
use crate::parasitics::{Parameters, Values};
use crate::text::Name;
use foreign::{Foreign, Slot};
use memloom_ir::{ABSENT, Cell, CellNetlist, Crossbar, Design, SupplyPin, resistance, siemens};
use row::{GROUND, Parts, Row};
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
    /// The parameters of the netlist that what lines and cells have besides the cells is taken from; the numbers
    /// themselves where there are none.
    pub parameters: &'a Parameters,
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
        let names = names.chain(prefix).chain([cell]);
        names.map(Name::new).try_for_each(|name| name.map(|_| ()))
    }
}

/// Writes the cells of `array`, one of `design`'s, row by row, with what its lines and cells have besides.
///
/// Cell `(i, j)` is `R<i>_<j>`, or `X<i>_<j>` where cells are devices. It hangs between its wordline and its bitline: node
/// `w_<i>_<j>` behind segment `Rw<i>_<j>` of the former, node `b_<i>_<j>` before segment `Rb<i>_<j>` of the latter, if these
/// have resistance. `Rd<i>` leads from the port to `d_<i>`, where wordline `i` starts, `Rs<j>` to the port from `s_<j>`, where
/// bitline `j` ends; `Rc<i>_<j>` is the cell's contact, behind node `c_<i>_<j>`, and `C<i>_<j>` its capacitance. `Cw` and `Cb`
/// are those of lines to ground, one per node.
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
    let values = Values::new(array.parasitics(), place.parameters, syntax, (array.rows(), array.cols()));
    let buffer = Vec::with_capacity(CHUNK + 1024);
    let mut lines = Lines { out, syntax, cell, name, foreign, values: &values, buffer };
    let suffixes: Vec<String> = (0..array.cols()).map(|j| format!("_{j}")).collect();
    for i in 0..array.rows() {
        let last = i + 1 == array.rows();
        lines.row(&Row::new(place, &values, i, last, &suffixes), array.row(i))?;
    }
    lines.flush()
}

struct Lines<'w> {
    out: &'w mut dyn Write,
    syntax: &'w dyn Syntax,
    cell: &'w Cell,
    /// The cell type's.
    name: &'w str,
    /// What stands at a cross-point, if it is the user's.
    foreign: Option<Foreign<'w>>,
    /// What lines and cells have besides the cells.
    values: &'w Values,
    buffer: Vec<u8>,
}

impl Lines<'_> {
    fn row(&mut self, row: &Row<'_>, cells: &[f32]) -> io::Result<()> {
        let (values, names) = (self.values, &row.names);
        let (resistor, capacitor) = (self.syntax.cell(), self.syntax.cell_capacitor());
        if let Some(driver) = &values.driver {
            self.part(&resistor, [&names.driver, ""], [[row.port, ""], row.start()], driver)?;
        }
        for (j, (&g, suffix)) in cells.iter().zip(row.suffixes).enumerate() {
            if g != ABSENT {
                self.cell(row, j, g)?;
            }
            // The wordline segment before the cross-point, the bitline segment after it.
            let (on_wordline, on_bitline) = (row.on_wordline(j), row.on_bitline(j));
            let (wordline, bitline) = ([names.wordline.as_str(), suffix], [names.bitline.as_str(), suffix]);
            if let Some(ohm) = &values.wordline {
                self.part(&resistor, wordline, [row.before(j), on_wordline], ohm)?;
            }
            if let Some(ohm) = &values.bitline {
                self.part(&resistor, bitline, [on_bitline, row.after(j)], ohm)?;
            }
            if let Some(farad) = &values.c_wire {
                if values.wordline.is_some() {
                    self.part(&capacitor, wordline, [on_wordline, GROUND], farad)?;
                }
                if values.bitline.is_some() {
                    self.part(&capacitor, bitline, [on_bitline, GROUND], farad)?;
                }
            }
        }
        self.whole_lines(row)
    }

    /// A cell that is there, with its contact and its capacitance.
    fn cell(&mut self, row: &Row<'_>, j: usize, g: f32) -> io::Result<()> {
        let ends = [row.on_wordline(j), row.on_contact(j)];
        match self.cell.netlist {
            _ if self.foreign.is_some() => self.foreign(row, j, ends, g)?,
            CellNetlist::Resistor => self.resistor(row, j, ends, resistance(g))?,
            CellNetlist::Device => self.device(row, j, ends, g)?,
        }
        let (values, names, suffix) = (self.values, &row.names, row.suffixes[j].as_str());
        if let Some(ohm) = &values.contact {
            let ends = [row.on_contact(j), row.on_bitline(j)];
            self.part(&self.syntax.cell(), [&names.contact, suffix], ends, ohm)?;
        }
        match &values.c_cell {
            Some(farad) => self.part(&self.syntax.cell_capacitor(), [&names.cell, suffix], ends, farad),
            None => Ok(()),
        }
    }

    /// What a wordline has once, and behind the last one what each bitline has once.
    fn whole_lines(&mut self, row: &Row<'_>) -> io::Result<()> {
        let (values, names, capacitor) = (self.values, &row.names, self.syntax.cell_capacitor());
        if let (Some([farad, _]), None) = (&values.c_lines, &values.wordline) {
            self.part(&capacitor, [&names.wordline, ""], [row.start(), GROUND], farad)?;
        }
        for (j, suffix) in row.suffixes.iter().enumerate().filter(|_| row.last) {
            // Of `_j`, as which a column goes into names.
            let col = &suffix[1..];
            if let Some(ohm) = &values.sense {
                let port = ["", row.place.cols[j]];
                self.part(&self.syntax.cell(), [&row.sense, col], [row.end(j), port], ohm)?;
            }
            if let (Some([_, farad]), None) = (&values.c_lines, &values.bitline) {
                self.part(&capacitor, [&names.bitlines, col], [row.end(j), GROUND], farad)?;
            }
        }
        Ok(())
    }

    fn resistor(&mut self, row: &Row<'_>, col: usize, ends: [Parts<'_>; 2], ohm: f64) -> io::Result<()> {
        self.open(&self.syntax.cell(), [&row.names.cell, &row.suffixes[col]], ends);
        put(&mut self.buffer, ohm);
        self.close()
    }

    fn part(
        &mut self,
        syntax: &CellSyntax,
        name: Parts<'_>,
        ends: [Parts<'_>; 2],
        value: &str,
    ) -> io::Result<()> {
        self.open(syntax, name, ends);
        self.buffer.extend_from_slice(value.as_bytes());
        self.close()
    }

    /// An instance of the cell's model that starts in the state of `g`.
    fn device(&mut self, row: &Row<'_>, col: usize, ends: [Parts<'_>; 2], g: f32) -> io::Result<()> {
        let start = self.cell.device.state_for(siemens(g), self.cell.v_read).map_err(io::Error::other)?;
        let syntax = self.syntax.device();
        self.open(&syntax, [&row.names.cell, &row.suffixes[col]], ends);
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
        put_all(&[syntax.name, &row.names.cell, &row.suffixes[col], syntax.nodes]);
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
    fn open(&mut self, syntax: &CellSyntax, name: Parts<'_>, [p, n]: [Parts<'_>; 2]) {
        let CellSyntax { name: kind, nodes, value, .. } = syntax;
        for part in [kind, name[0], name[1], nodes, p[0], p[1], " ", n[0], n[1], value] {
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
