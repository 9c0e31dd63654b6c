//! Small designs for tests.

use memloom::functions::{HARD_SWISH, RELU};
use memloom::ir::{
    Behaviour, Bits, Cell, Crossbar, Design, Element, Function, Id, Module, ModuleBuilder, Nature, Net,
    OpAmp, Slice, Supply, Value,
};

/// The one op-amp gain that is not ideal.
pub(crate) const GAIN: f64 = 1e4;
/// Voltage of the reference rail.
pub(crate) const V_REF: f64 = 0.9;

/// A design with one cell type, one op-amp (swing 0.1 V to 1.7 V, so its middle is `V_REF`), the behaviours, and
/// the supplies `v_ref` and `gnd`.
pub(crate) struct Kit {
    pub(crate) design: Design,
    pub(crate) cell: Id<Cell>,
    pub(crate) op_amp: Id<OpAmp>,
    pub(crate) v_ref: Id<Supply>,
    pub(crate) gnd: Id<Supply>,
    pub(crate) hard_swish: Id<Behaviour>,
    pub(crate) relu: Id<Behaviour>,
    pub(crate) multiplier: Id<Behaviour>,
}

impl Kit {
    pub(crate) fn new() -> Self {
        let mut design = Design::new("kit");
        let cell = Cell::new(1e-6, 1e-4, 0.2);
        let op_amp = OpAmp { gain: GAIN, gbw: 1e7, slew: 1e7, swing: (0.1, 1.7), ..OpAmp::PLAIN };
        let behaviour = |function, unit| Behaviour { function, swing: (0.0, 1.8), unit };
        Self {
            cell: design.cells.insert("cell", cell).unwrap(),
            op_amp: design.op_amps.insert("ota", op_amp).unwrap(),
            v_ref: design.supplies.insert("v_ref", Supply { volts: V_REF }).unwrap(),
            gnd: design.supplies.insert("gnd", Supply { volts: 0.0 }).unwrap(),
            hard_swish: design
                .behaviours
                .insert("hs", behaviour(Function::Activation(HARD_SWISH), 0.1))
                .unwrap(),
            relu: design.behaviours.insert("relu", behaviour(Function::Activation(RELU), 0.1)).unwrap(),
            multiplier: design.behaviours.insert("mul", behaviour(Function::Multiplier, 0.1)).unwrap(),
            design,
        }
    }

    /// Builds module `name` by `build` and makes it the top.
    pub(crate) fn module(&mut self, name: &str, build: impl FnOnce(&mut ModuleBuilder<'_>)) -> Id<Module> {
        let mut module = self.design.module(name);
        build(&mut module);
        let id = module.finish().unwrap();
        self.design.top = Some(id);
        id
    }

    /// A TIA `i -> v` about `v_ref` with feedback `r_f`.
    pub(crate) fn tia(&mut self, r_f: f64) -> Id<Module> {
        let (op_amp, v_ref) = (self.op_amp, self.v_ref);
        self.module("tia", |m| {
            let i = m.input("i", Nature::Current, 1);
            let v = m.output("v", Nature::Voltage, 1);
            resistor(m, "r_f", r_f, wire(i, 0), wire(v, 0));
            m.instance("amp", Element::OpAmp(op_amp)).supply("inp", v_ref).net("inn", i).net("out", v).add();
        })
    }

    pub(crate) fn crossbar(&self, rows: u32, cols: u32, r_wire: f64, g: &[f64]) -> Element {
        let g = g.iter().map(|g| *g as f32).collect();
        Element::Crossbar(Crossbar::new(rows, cols, self.cell, r_wire, g))
    }
}

/// Wire `bit` of `net`.
pub(crate) fn wire(net: Id<Net>, bit: u32) -> Slice {
    Slice::Net { net, start: bit, len: 1 }
}

/// Wires `start .. start + len` of `net`.
pub(crate) fn wires(net: Id<Net>, start: u32, len: u32) -> Bits {
    vec![Slice::Net { net, start, len }]
}

pub(crate) fn resistor(m: &mut ModuleBuilder<'_>, name: &str, ohms: f64, p: Slice, n: Slice) {
    m.instance(name, Element::Resistor(Value::Number(ohms))).pin("p", vec![p]).pin("n", vec![n]).add();
}

#[track_caller]
pub(crate) fn assert_close(got: &[f64], want: &[f64], tolerance: f64) {
    assert_eq!(got.len(), want.len());
    for (index, (got, want)) in got.iter().zip(want).enumerate() {
        assert!((got - want).abs() <= tolerance, "value {index}: {got}, not {want}");
    }
}

/// Solves the dense system `a x = b` by Gauss-Jordan elimination.
pub(crate) fn dense_solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let size = b.len();
    for k in 0..size {
        let pivot = (k..size).max_by(|p, q| a[*p][k].abs().total_cmp(&a[*q][k].abs())).unwrap();
        a.swap(k, pivot);
        b.swap(k, pivot);
        let (top, right) = (a[k].clone(), b[k]);
        for row in (0..size).filter(|row| *row != k) {
            let factor = a[row][k] / top[k];
            a[row].iter_mut().zip(&top).for_each(|(x, t)| *x -= factor * t);
            b[row] -= factor * right;
        }
    }
    (0..size).map(|k| b[k] / a[k][k]).collect()
}

/// A deterministic stream of numbers in 0..1.
pub(crate) fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed.wrapping_mul(2).wrapping_add(1);
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}
