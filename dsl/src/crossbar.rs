//! The subcircuit of a `#[crossbar]`, for each way to make a signed weight of conductances.
//!
//! - unsigned: `R x C` cells. Ports `row` (R), `col` (C): `i(col) = sum g v(row)`.
//! - dual rail: `R` row drivers and `2R x C` cells, a positive weight on the wordline that follows its input, a
//!   negative one on the wordline that mirrors it about `v_ref`. Ports `row` (R), `col` (C).
//! - differential: `R x 2C` cells, a positive weight on the bitline of `col_p`, a negative one on that of `col_n`.
//!   Ports `row` (R), `col_p` (C), `col_n` (C). Whoever reads it subtracts the two currents.
//!
//! In all of them the current into a virtual ground at `v_ref` is `sum g (v(row) - v_ref)`, with the weight's sign;
//! a TIA after it inverts.

use crate::block::{Part, Placed, Start, start};
use crate::blocks::{self, Parts};
use crate::conductance::Conductance;
use crate::ir::{
    ABSENT, BuildError, Cell, Crossbar, Design, Element, Id, Module, Nature, OpAmp, Origin, Parasitics,
};
use crate::technology::Named;
use crate::units::{Ohms, Volts};

/// What all crossbars of a declaration share.
#[derive(Debug)]
pub struct Declaration<'a> {
    /// Name.
    pub name: &'a str,
    /// First line of its documentation.
    pub doc: &'a str,
    /// Where.
    pub origin: Origin,
    /// The cell type.
    pub cell: Named<Cell>,
    /// What lines and cells have besides the cells.
    pub parasitics: Parasitics,
}

/// What the row drivers of a dual-rail crossbar are made of.
#[derive(Debug)]
pub struct Drivers {
    /// The op-amp.
    pub op_amp: Named<OpAmp>,
    /// The voltage that the second rail mirrors about.
    pub v_ref: Volts,
    /// The two resistors of the inverter.
    pub r_unit: Ohms,
}

/// Defines an unsigned crossbar.
///
/// # Errors
/// If a name is taken by something else.
pub fn unsigned<const R: usize, const C: usize>(
    design: &mut Design,
    declaration: &Declaration<'_>,
    g: &Conductance<R, C>,
) -> Result<Id<Module>, BuildError> {
    let array = declaration.array(design, R, C, |row, col| g.siemens()[row * C + col])?;
    let mut m = match declaration.start(design, &[&array])? {
        Start::Defined(id) => return Ok(id),
        Start::New(m) => m,
    };
    let row = m.input("row", Nature::Voltage, lines(R));
    let col = m.output("col", Nature::Current, lines(C));
    let wires = vec![("row", m.all(row)), ("col", m.all(col))];
    array.add_wired(&mut m, wires);
    m.finish()
}

/// Defines a dual-rail crossbar: wordline `k` is input `k`, wordline `R + k` its mirror image.
///
/// # Errors
/// If a name is taken by something else.
pub fn dual_rail<const R: usize, const C: usize>(
    design: &mut Design,
    declaration: &Declaration<'_>,
    drivers: &Drivers,
    g: &Conductance<R, C>,
) -> Result<Id<Module>, BuildError> {
    let driver = Part::new(Element::Module(row_driver(design, declaration, drivers)?));
    let driver = Placed::array("driver", declaration.origin.clone(), vec![driver; R]);
    let array =
        declaration.array(design, 2 * R, C, |row, col| rail(g.siemens()[row % R * C + col], row >= R))?;
    let mut m = match declaration.start(design, &[&driver, &array])? {
        Start::Defined(id) => return Ok(id),
        Start::New(m) => m,
    };
    let row = m.input("row", Nature::Voltage, lines(R));
    let col = m.output("col", Nature::Current, lines(C));
    let (pos, neg) = (m.net("pos", Nature::Voltage, lines(R)), m.net("neg", Nature::Voltage, lines(R)));
    let wires = vec![("inp", m.all(row)), ("pos", m.all(pos)), ("neg", m.all(neg))];
    driver.add_wired(&mut m, wires);
    let wires = vec![("row", [m.all(pos), m.all(neg)].concat()), ("col", m.all(col))];
    array.add_wired(&mut m, wires);
    m.finish()
}

/// Defines a differential crossbar: bitline `k` is `col_p` of output `k`, bitline `C + k` its `col_n`.
///
/// # Errors
/// If a name is taken by something else.
pub fn differential<const R: usize, const C: usize>(
    design: &mut Design,
    declaration: &Declaration<'_>,
    g: &Conductance<R, C>,
) -> Result<Id<Module>, BuildError> {
    let array =
        declaration.array(design, R, 2 * C, |row, col| rail(g.siemens()[row * C + col % C], col >= C))?;
    let mut m = match declaration.start(design, &[&array])? {
        Start::Defined(id) => return Ok(id),
        Start::New(m) => m,
    };
    let row = m.input("row", Nature::Voltage, lines(R));
    let col_p = m.output("col_p", Nature::Current, lines(C));
    let col_n = m.output("col_n", Nature::Current, lines(C));
    let wires = vec![("row", m.all(row)), ("col", [m.all(col_p), m.all(col_n)].concat())];
    array.add_wired(&mut m, wires);
    m.finish()
}

/// The conductance of a weight's cell on one of its two lines: the line of the other sign has none.
fn rail(weight: f64, negative: bool) -> f64 {
    if (weight < 0.0) == negative { weight.abs() } else { f64::from(ABSENT) }
}

/// The number of lines of a crossbar; a type with more than an IR can hold does not fit in memory either.
fn lines(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl Declaration<'_> {
    fn array(
        &self,
        design: &mut Design,
        rows: usize,
        cols: usize,
        g: impl Fn(usize, usize) -> f64,
    ) -> Result<Placed, BuildError> {
        let cell = blocks::cell(design, &self.cell)?;
        let cells = (0..rows * cols).map(|k| g(k / cols, k % cols) as f32).collect();
        let array =
            Crossbar::new(lines(rows), lines(cols), cell, 0.0, cells).with_parasitics(self.parasitics);
        Ok(Placed::one("array", self.origin.clone(), Part::new(Element::Crossbar(array))))
    }

    fn start<'d>(&self, design: &'d mut Design, contents: &[&Placed]) -> Result<Start<'d>, BuildError> {
        start(design, self.name, self.doc, self.origin.clone(), contents)
    }
}

/// The row driver `<name>_row_driver`, shared by all values of the declaration.
fn row_driver(
    design: &mut Design,
    declaration: &Declaration<'_>,
    drivers: &Drivers,
) -> Result<Id<Module>, BuildError> {
    let name = format!("{}_row_driver", declaration.name);
    let amp = blocks::op_amp(design, &drivers.op_amp)?;
    let v_ref = crate::wire::rail(design, drivers.v_ref.get())?;
    match design.modules.find(&name) {
        Some(id) if design.modules[id].origin == Origin::Library => Ok(id),
        _ => blocks::row_driver(design, &name, Parts::new(amp, v_ref, drivers.r_unit.get())),
    }
}
