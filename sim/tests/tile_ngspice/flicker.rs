//! Flicker noise of op-amps and cells over many columns of one chip, beside ngspice's integrated `.noise` of one.

use super::noise::{assert_near, integrated};
use memloom::blocks;
use memloom::ir::{Cell, Crossbar, Design, Element, Nature, OpAmp, Origin};
use memloom::technology::{Named, TiaSpec};
use memloom_sim::chip::{Chip, Flicker, NonIdealities};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};
use std::f64::consts::TAU;

const AMP: OpAmp = OpAmp { gain: 1e6, gbw: 1e7, slew: 1e7, swing: (-10.0, 10.0), ..OpAmp::PLAIN };
const DENSITY: f64 = 1e-8;
const CORNER: f64 = 1e5;
const CELL: f64 = 1e-9;
/// A hundred seconds after the trim.
const TIME: f64 = 100.0;
const G: [f32; 3] = [2e-5, 5e-5, 8e-5];
const VOLTS: f64 = 0.2;
const R_F: f64 = 1e4;
const COLUMNS: u32 = 20_000;

/// Variance over columns of three cells behind TIAs whose inputs are at `volts`; `c_in` farad at the op-amps' inputs.
fn variance(flicker: Flicker, volts: f64, (c_f, c_in): (f64, f64)) -> f64 {
    let mut design = Design::new("d");
    let cell = blocks::cell(&mut design, &Named::new("cell", Cell::new(1e-6, 1e-4, 0.2))).unwrap();
    let amp = OpAmp { c_in, noise_density: DENSITY, ..AMP };
    let spec = TiaSpec { r_f: R_F, c_f, v_ref: 0.0, i_in: None, op_amp: Named::new("ota", amp) };
    let tia = blocks::tia(&mut design, &Named::new("readout", spec), Origin::here()).unwrap();
    let mut m = design.module("columns");
    let x = m.input("x", Nature::Voltage, 3);
    let y = m.output("y", Nature::Voltage, COLUMNS);
    let i = m.net("i", Nature::Current, COLUMNS);
    let g = G.iter().flat_map(|g| std::iter::repeat_n(*g, COLUMNS as usize)).collect();
    let array = Element::Crossbar(Crossbar::new(3, COLUMNS, cell, 0.0, g));
    m.instance("xbar", array).net("row", x).net("col", i).add();
    m.instance("tia", Element::Module(tia)).array(COLUMNS).net("inp", i).net("out", y).add();
    design.top = Some(m.finish().unwrap());
    let chip = Chip::new(NonIdealities { seed: 5, flicker, ..NonIdealities::default() }).unwrap();
    let evaluator = Evaluator::on_chip(&design, &chip, &Options::default()).unwrap();
    let run = evaluator.run(&Signals::from_iter([("x".to_owned(), Matrix::new(3, vec![volts; 3]))])).unwrap();
    let values = run.outputs["y"].values();
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64
}

/// A column in ngspice around an integrator; resistors that carry 1 A have the flicker noise of an op-amp's input, the cells
/// that of theirs, and nothing else is warm.
fn column(of_amp: f64, of_cells: f64, volts: f64, (c_f, c_in): (f64, f64)) -> String {
    let w = TAU * AMP.gbw;
    let cell = |k: usize| format!("R{k} in n cell r={:e}\n", 1.0 / f64::from(G[k]));
    format!(
        "V1 in 0 dc {volts} ac 1\nI1 0 nf dc 1\nRn nf 0 amp r=1\nVn nr 0 dc 1\n\
         .model amp r(kf={of_amp:e} af=2)\n.model cell r(kf={of_cells:e} af=2)\n\
         Ga 0 a 0 n {w:e}\nGb 0 a nf nr {w:e}\nCa a 0 1\nGd a 0 a 0 1e-15\nE1 out 0 a 0 1\n\
         {}{}{}Gf n out n out {:e}\nCf n out {c_f:e}\nCn n 0 {c_in:e}",
        cell(0),
        cell(1),
        cell(2),
        1.0 / R_F,
    )
}

#[test]
fn flicker_of_op_amps_and_of_cells() {
    let flicker = |corner, cell| Flicker { corner: Some(corner), cell: Some(cell), time: TIME };
    for load in [(1e-12, 0.0), (1e-12, 5e-12)] {
        // At rest cells carry no current.
        let deck = column(DENSITY.powi(2) * CORNER, 0.0, 0.0, load);
        let quiet = column(0.0, 0.0, 0.0, load);
        let wanted = integrated(&deck, "V1", 1.0 / TIME) - integrated(&quiet, "V1", 1.0 / TIME);
        assert_near(variance(flicker(CORNER, CELL), 0.0, load), wanted);
        let deck = column(0.0, CELL, VOLTS, load);
        let wanted = integrated(&deck, "V1", 1.0 / TIME) - integrated(&quiet, "V1", 1.0 / TIME);
        assert_near(variance(flicker(0.0, CELL), VOLTS, load), wanted);
    }
}
