//! One tile: row drivers, a crossbar and its own readout.

use super::array::{Array, Resistors, Row, Sums};
use super::compensate::{Compensated, NEAR, compensate};
use super::kit::Kit;
use super::place::feedback;
use super::{LowerError, Unmet};
use memloom_ir::technology::SignScheme;
use memloom_ir::{
    ABSENT, Bits, BuildError, Cell, Crossbar, Design, Element, Id, Module, ModuleBuilder, Nature, Net, Slice,
};

/// What a tile computes: `v(y[k]) - v_ref = sum_i gain(k, i) (v(x[i]) - v_ref)` plus the bias cells' share.
pub(super) struct Tile<'a> {
    pub(super) name: String,
    pub(super) layer: &'a str,
    pub(super) section: String,
    /// Inputs, without the bias.
    pub(super) inputs: usize,
    /// Bias rails.
    pub(super) rails: usize,
    pub(super) outputs: usize,
    /// Signed gains, volts per volt, `[output][input]`; the bias rails are further inputs behind the others.
    pub(super) gains: Vec<f64>,
    /// What input 0 and output 0 are in the layer, for messages.
    pub(super) corner: (usize, usize),
    /// How gains get their sign. `None` if they all have that of one bitline and the inputs are the cells of a frame
    /// memory, which drive wordlines themselves: then there are no row drivers.
    pub(super) signed: Option<SignScheme>,
}

/// What a tile is made of.
pub(super) struct Parts {
    array: Array,
    resistors: Resistors,
    /// What the worst weight or output lacks, if more than next to nothing.
    pub(super) unmet: Option<Unmet>,
}

impl Tile<'_> {
    /// Gains of one output.
    fn gains_of(&self, output: usize) -> &[f64] {
        let width = self.gains.len() / self.outputs;
        &self.gains[output * width..][..width]
    }

    /// Builds the tile's module of `parts`: ports `x` (inputs, if it has any), `y` (outputs).
    pub(super) fn build(
        &self,
        design: &mut Design,
        kit: &Kit,
        Parts { array, resistors, .. }: Parts,
    ) -> Result<Id<Module>, LowerError> {
        let mut m = design.module(&self.name);
        m.origin(memloom_ir::Origin::layer(self.layer)).section(&self.section).doc(format!(
            "tile of layer {}: inputs from {}, outputs from {}",
            self.layer, self.corner.0, self.corner.1
        ));
        // A tile may hold nothing but biases, which are no inputs.
        let x: Bits = match self.inputs {
            0 => Bits::new(),
            width => {
                let x = m.input("x", Nature::Voltage, width as u32);
                (0..width).map(|at| wire(x, at)).collect()
            }
        };
        let y = m.output("y", Nature::Voltage, self.outputs as u32);
        let wordlines = match self.signed {
            Some(_) => drive(&mut m, kit, &x, &array.rows)?,
            None => array.rows.iter().map(|row| x[row.input]).collect(),
        };
        let i = m.net("i", Nature::Current, array.cols as u32);
        if !array.rows.is_empty() {
            self.cross(&mut m, kit, &array, wordlines, i);
        }
        read_out(&mut m, kit, i, y, resistors);
        Ok(m.finish()?)
    }

    /// Adds the crossbar. A tile whose weights are all zero has none: its amplifiers stay at `v_ref`.
    fn cross(&self, m: &mut ModuleBuilder<'_>, kit: &Kit, array: &Array, wordlines: Bits, i: Id<Net>) {
        let crossbar = Crossbar::new(
            array.rows.len() as u32,
            array.cols as u32,
            kit.cell,
            0.0,
            array.conductance.iter().map(|g| if *g == 0.0 { ABSENT } else { *g as f32 }).collect(),
        )
        .with_parasitics(kit.technology.parasitics)
        .with_opposites(array.opposites(self.signed));
        m.instance("xbar", Element::Crossbar(crossbar)).pin("row", wordlines).net("col", i).add();
    }

    /// The tile's cells and resistors: as wired, if the plan wants wires compensated.
    pub(super) fn parts(&self, kit: &Kit) -> Result<Parts, LowerError> {
        let feedback = (0..self.outputs).map(|k| self.feedback(k, kit)).collect::<Result<Vec<_>, _>>()?;
        let sums = Sums {
            gains: &self.gains,
            rails: self.rails,
            scheme: self.signed,
            cell: &kit.technology.cell.spec,
        };
        let Compensated { cells: array, lack } = match &kit.technology.parasitics {
            parasitics if kit.compensate && parasitics.resist() => {
                compensate(&sums, feedback, parasitics, kit.amplifier)
                    .map_err(|error| LowerError::Tile { tile: self.name.clone(), error })?
            }
            _ => Compensated { cells: sums.array(feedback), lack: 0.0 },
        };
        let (_, most) = kit.technology.r_f;
        if let Some(k) = array.feedback.iter().position(|r_f| *r_f > most) {
            return Err(LowerError::Wires {
                layer: self.layer.into(),
                output: self.corner.1 + k,
                r_f: array.feedback[k],
                most,
            });
        }
        let resistors = array.resistors(kit.amplifier);
        let lack = resistors.reached.iter().fold(lack, |lack, reached| lack.max(1.0 - reached));
        let unmet = (lack >= NEAR).then(|| Unmet { tile: self.name.clone(), lack });
        Ok(Parts { array, resistors, unmet })
    }

    /// Behind `r_f`, each weight of `output` that has no complementary cell is one that a cell can hold.
    fn fits_alone(&self, output: usize, r_f: f64, cell: &Cell) -> Result<(), LowerError> {
        let needed = self.gains_of(output).iter().map(|a| a.abs() / r_f).filter(|g| *g != 0.0);
        let g = needed.fold(f64::INFINITY, f64::min);
        if self.signed.is_some() || g >= cell.g_min * (1.0 - 1e-9) {
            return Ok(());
        }
        let (layer, output) = (self.layer.into(), self.corner.1 + output);
        Err(LowerError::Small { layer, output, g, least: cell.g_min })
    }

    fn feedback(&self, output: usize, kit: &Kit) -> Result<f64, LowerError> {
        let gains = self.gains_of(output).iter().map(|a| a.abs());
        let (input, largest) =
            gains.enumerate().fold((0, 0.0), |best, at| if at.1 > best.1 { at } else { best });
        let (least, most) = kit.technology.r_f;
        let cell = &kit.technology.cell.spec;
        let r_f = feedback(largest, least, cell);
        if r_f <= most {
            return self.fits_alone(output, r_f, cell).map(|()| r_f);
        }
        Err(LowerError::Unmappable {
            layer: self.layer.into(),
            output: self.corner.1 + output,
            input: self.corner.0 + input,
            r_f,
            most,
        })
    }
}

/// The wordlines: a driver per input of `x` in use, and for each of `rows` the wire that carries it.
fn drive(m: &mut ModuleBuilder<'_>, kit: &Kit, x: &[Slice], rows: &[Row]) -> Result<Bits, BuildError> {
    let inputs = x.len();
    let mut used = vec![[false; 2]; inputs];
    // The bias rails, behind the inputs, drive their wordlines themselves.
    let driven = rows.iter().filter(|row| row.input < inputs);
    driven.for_each(|row| used[row.input][usize::from(row.inverted)] = true);
    let mut lines = vec![[None; 2]; inputs];
    for driver in Driver::all(kit) {
        let group: Vec<usize> = (0..inputs).filter(|i| used[*i] == driver.rails).collect();
        if group.is_empty() {
            continue;
        }
        let width = group.len() as u32;
        let nets: Vec<_> =
            driver.outputs.iter().map(|(_, _, net)| m.net(*net, Nature::Voltage, width)).collect();
        let inputs: Bits = group.iter().map(|i| x[*i]).collect();
        let mut instance =
            m.instance(driver.name, Element::Module(driver.module)).array(width).pin("inp", inputs);
        for ((rail, pin, _), net) in driver.outputs.iter().zip(nets) {
            instance = instance.net(*pin, net);
            group.iter().enumerate().for_each(|(at, input)| lines[*input][*rail] = Some(wire(net, at)));
        }
        instance.add();
    }
    let line = |row: &Row| match lines.get(row.input) {
        Some(rails) => Ok(rails[usize::from(row.inverted)].expect("a driver for each wordline")),
        None => kit.bias(m.design(), row.inverted, row.input - inputs).map(Slice::Supply),
    };
    rows.iter().map(line).collect()
}

/// A row driver: which wordlines of an input it drives (the plain one, the inverted one).
struct Driver {
    name: &'static str,
    module: Id<Module>,
    rails: [bool; 2],
    /// Rail, pin, and the net behind it.
    outputs: &'static [(usize, &'static str, &'static str)],
}

impl Driver {
    fn all(kit: &Kit) -> [Self; 3] {
        let driver = |name, module, rails, outputs| Self { name, module, rails, outputs };
        [
            driver("driver", kit.row_driver, [true, true], &[(0, "pos", "pos"), (1, "neg", "neg")]),
            driver("follower", kit.follower, [true, false], &[(0, "out", "plus")]),
            driver("inverter", kit.inverter, [false, true], &[(1, "out", "minus")]),
        ]
    }
}

/// The amplifiers behind the bitlines.
fn read_out(m: &mut ModuleBuilder<'_>, kit: &Kit, i: Id<Net>, y: Id<Net>, resistors: Resistors) {
    let outputs = resistors.r_f.len() as u32;
    let half = |start| vec![Slice::Net { net: i, start, len: outputs }];
    let instance = match resistors.r_n {
        Some(r_n) => {
            let pair = m.instance("tia", Element::Module(kit.differential_tia)).array(outputs);
            pair.pin("p", half(0)).pin("n", half(outputs)).arg("r_n", r_n)
        }
        None => m.instance("tia", Element::Module(kit.tia)).array(outputs).net("inp", i),
    };
    instance.net("out", y).arg("r_f", resistors.r_f).add();
}

fn wire(net: Id<Net>, at: usize) -> Slice {
    Slice::Net { net, start: at as u32, len: 1 }
}
