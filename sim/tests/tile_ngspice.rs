//! Tiles in ngspice against the native evaluator: wired ones of 64 x 64 as emitted, and the effective matrix; trimmed
//! ones; their noise.

use memloom::blocks::{self, Parts};
use memloom::ir::{
    ABSENT, Cell, Crossbar, Design, Element, Id, Module, Nature, OpAmp, Origin, Parasitics, Slice, siemens,
};
use memloom::technology::{Named, TiaSpec};
use memloom::units::Ohms;
use memloom_codegen::{Circuit, dc_deck};
use memloom_sim::external::check::{Difference, compare, outputs};
use memloom_sim::external::{Limits, Ngspice};
use memloom_sim::native::{self, Options};
use memloom_tile::{Lines, Tia, Tile};

#[path = "tile_ngspice/flicker.rs"]
mod flicker;
#[path = "tile_ngspice/monte_carlo.rs"]
mod monte_carlo;
#[path = "tile_ngspice/noise.rs"]
mod noise;
#[path = "tile_ngspice/trim.rs"]
mod trim;

const V_REF: f64 = 0.9;
const R_F: f64 = 2e3;
const R_WIRE: f64 = 2.5;
/// A low gain, for columns that are far from virtual grounds.
const AMP: OpAmp = OpAmp { gain: 200.0, gbw: 1e7, slew: 1e7, swing: (-8.2, 10.0), ..OpAmp::PLAIN };
const LINES: u32 = 64;

fn numbers() -> impl FnMut() -> f64 {
    let mut state = 99u64;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    }
}

fn readout() -> Named<TiaSpec> {
    Named::new(
        "readout",
        TiaSpec { r_f: R_F, c_f: 0.0, v_ref: V_REF, i_in: None, op_amp: Named::new("ota", AMP) },
    )
}

fn crossbar(design: &mut Design, g: Vec<f32>) -> Element {
    let cell = Cell::new(1e-6, 1e-4, 0.2);
    let cell = blocks::cell(design, &Named::new("hfo2", cell)).unwrap();
    Element::Crossbar(Crossbar::new(LINES, LINES, cell, R_WIRE, g))
}

/// The module's outputs from ngspice, and how far the native evaluator's are from them.
fn simulate(design: &Design, module: Id<Module>, vectors: &[Vec<f64>]) -> (Vec<Vec<f64>>, Difference) {
    let native = native::evaluate_module(design, module, &Options::default(), vectors).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let deck = dc_deck(&memloom_codegen::Ngspice, design, module, vectors, Circuit::Embedded).unwrap();
    let simulated =
        outputs(&Ngspice::find().unwrap(), &deck, vectors.len(), dir.path(), &Limits::default()).unwrap();
    let difference = compare(&deck.outputs, &native, &simulated).unwrap();
    println!("{difference}");
    (simulated, difference)
}

#[test]
fn dual_rails_with_tias_of_finite_gain() {
    let mut next = numbers();
    let mut g = vec![ABSENT; (LINES * LINES) as usize];
    for (input, col) in (0..LINES / 2).flat_map(|input| (0..LINES).map(move |col| (input, col))) {
        let rail = 2 * input + u32::from(next() < 0.5);
        g[(rail * LINES + col) as usize] = (1e-6 + 99e-6 * next()) as f32;
    }
    let inputs: Vec<f64> = (0..LINES / 2).map(|_| 0.2 * (next() - 0.5)).collect();
    let volts: Vec<f64> = inputs.iter().flat_map(|v| [*v, -v]).collect();

    let mut design = Design::new("d");
    let array = crossbar(&mut design, g.clone());
    let tia = blocks::tia(&mut design, &readout(), Origin::here()).unwrap();
    let mut m = design.module("tile");
    let x = m.input("x", Nature::Voltage, LINES);
    let y = m.output("y", Nature::Voltage, LINES);
    let i = m.net("i", Nature::Current, LINES);
    m.instance("xbar", array).net("row", x).net("col", i).add();
    m.instance("tia", Element::Module(tia)).array(LINES).net("inp", i).net("out", y).add();
    let module = m.finish().unwrap();
    let vector = volts.iter().map(|v| V_REF + v).collect();
    let (simulated, difference) = simulate(&design, module, &[vector]);
    assert!(difference.of_span < 1e-6 && difference.count == 64, "{difference}");

    let tia = Tia { r_f: R_F, gain: AMP.gain };
    let terminations = vec![tia.input_resistance()];
    let lines = Lines { wordline: R_WIRE, bitline: R_WIRE, terminations, ..Lines::default() };
    let siemens = g.iter().map(|g| siemens(*g)).collect();
    let matrix = Tile::new(64, 64, siemens, &lines).unwrap().effective().amplified(tia);
    let outputs = matrix.apply(&volts).unwrap();
    let apart = outputs.iter().zip(&simulated[0]).map(|(ours, theirs)| (V_REF + ours - theirs).abs());
    let span = outputs.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
    let apart = apart.fold(0.0, f64::max) / span;
    assert!(apart < 1e-6, "{apart:e}");
}

/// Lines that differ, with resistances at both ends and contacts: ngspice on the netlist, the evaluator, and the tile.
#[test]
fn unequal_lines_with_their_ends() {
    let mut next = numbers();
    let g: Vec<f32> = (0..LINES * LINES)
        .map(|_| if next() < 0.2 { ABSENT } else { (1e-6 + 99e-6 * next()) as f32 })
        .collect();
    let volts: Vec<f64> = (0..LINES).map(|_| 0.4 * (next() - 0.5)).collect();
    let ohms = Ohms::new;
    let parasitics = Parasitics {
        r_wordline: ohms(3.0),
        r_bitline: ohms(0.8),
        r_driver: ohms(120.0),
        r_sense: ohms(35.0),
        r_contact: ohms(700.0),
        ..Parasitics::NONE
    };
    let mut design = Design::new("d");
    let Element::Crossbar(array) = crossbar(&mut design, g.clone()) else { unreachable!() };
    let tia = blocks::tia(&mut design, &readout(), Origin::here()).unwrap();
    let mut m = design.module("tile");
    let x = m.input("x", Nature::Voltage, LINES);
    let y = m.output("y", Nature::Voltage, LINES);
    let i = m.net("i", Nature::Current, LINES);
    let array = Element::Crossbar(array.with_parasitics(parasitics));
    m.instance("xbar", array).net("row", x).net("col", i).add();
    m.instance("tia", Element::Module(tia)).array(LINES).net("inp", i).net("out", y).add();
    let module = m.finish().unwrap();
    let vector = volts.iter().map(|v| V_REF + v).collect();
    let (simulated, difference) = simulate(&design, module, &[vector]);
    assert!(difference.of_span < 1e-9 && difference.count == 64, "{difference}");

    let tia = Tia { r_f: R_F, gain: AMP.gain };
    let lines = Lines {
        wordline: 3.0,
        bitline: 0.8,
        drivers: vec![120.0],
        terminations: vec![35.0 + tia.input_resistance()],
        contact: 700.0,
    };
    let siemens = g.iter().map(|g| siemens(*g)).collect();
    let matrix = Tile::new(64, 64, siemens, &lines).unwrap().effective().amplified(tia);
    let outputs = matrix.apply(&volts).unwrap();
    let span = outputs.iter().fold(0.0, |most: f64, v| most.max(v.abs()));
    for (ours, theirs) in outputs.iter().zip(&simulated[0]) {
        assert!((V_REF + ours - theirs).abs() < 1e-9 * span, "{ours} {theirs}");
    }
}

#[test]
fn differential_columns_behind_row_drivers() {
    let mut next = numbers();
    let mut g = vec![ABSENT; (LINES * LINES) as usize];
    for (row, output) in (0..LINES).flat_map(|row| (0..LINES / 2).map(move |output| (row, output))) {
        let col = output + if next() < 0.5 { LINES / 2 } else { 0 };
        g[(row * LINES + col) as usize] = (1e-6 + 99e-6 * next()) as f32;
    }
    let mut design = Design::new("d");
    let array = crossbar(&mut design, g);
    let pair = blocks::differential_tia(&mut design, "pair", &readout().spec, Origin::here()).unwrap();
    let amp = blocks::op_amp(&mut design, &Named::new("ota", AMP)).unwrap();
    let v_ref = blocks::supply(&mut design, "v_ref", V_REF).unwrap();
    let follower = blocks::follower(&mut design, "follower", Parts::new(amp, v_ref, 1e4)).unwrap();
    let mut m = design.module("tile");
    let x = m.input("x", Nature::Voltage, LINES);
    let y = m.output("y", Nature::Voltage, LINES / 2);
    let (line, i) = (m.net("line", Nature::Voltage, LINES), m.net("i", Nature::Current, LINES));
    m.instance("driver", Element::Module(follower)).array(LINES).net("inp", x).net("out", line).add();
    m.instance("xbar", array).net("row", line).net("col", i).add();
    let half = |start| vec![Slice::Net { net: i, start, len: LINES / 2 }];
    let readout = m.instance("pair", Element::Module(pair)).array(LINES / 2);
    readout.pin("p", half(0)).pin("n", half(LINES / 2)).net("out", y).add();
    let module = m.finish().unwrap();
    let vector = (0..LINES).map(|_| V_REF + 0.2 * (next() - 0.5)).collect();
    let (_, difference) = simulate(&design, module, &[vector]);
    assert!(difference.of_span < 1e-6 && difference.count == 32, "{difference}");
}
