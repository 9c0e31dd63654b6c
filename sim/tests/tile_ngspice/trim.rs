//! A tile whose offsets are trimmed: before and after, the evaluator's chip beside ngspice on the same parts.

use super::{AMP, V_REF, numbers, simulate};
use memloom::blocks::{self, Parts};
use memloom::ir::{ABSENT, Cell, Crossbar, Design, Element, Id, Module, Nature, OpAmp, Origin, Slice};
use memloom::technology::{Named, TiaSpec};
use memloom_sim::chip::{Chip, Levels, NonIdealities, ProgrammingError, Trim};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};

const INPUTS: usize = 6;
const COLS: usize = 4;
const CELL: Cell = Cell::new(1e-6, 1e-4, 0.2);
/// Volts of the bias rails about `v_ref`.
const RAILS: [f64; 8] = [0.2, -0.2, 0.05, -0.05, 0.0125, -0.0125, 0.003125, -0.003125];
const R_F: f64 = 2e3;

/// A tile behind row drivers, with a bias on the first rail; `offset` gives that of each op-amp by its path.
fn tile(g: &[f32], offset: impl Fn(&str) -> f64) -> (Design, Id<Module>) {
    let mut design = Design::new("d");
    let cell = blocks::cell(&mut design, &Named::new("hfo2", CELL)).unwrap();
    let v_ref = blocks::supply(&mut design, "v_ref", V_REF).unwrap();
    let rails = RAILS.iter().enumerate();
    let rails: Vec<_> =
        rails.map(|(k, v)| blocks::supply(&mut design, &format!("rail{k}"), V_REF + v).unwrap()).collect();
    let op_amp = |name: String, path: &str| Named::new(name, OpAmp { offset: offset(path), ..AMP });
    let mut drivers = Vec::new();
    for k in 0..INPUTS {
        let amp = op_amp(format!("ota_d{k}"), &format!("tile.driver_{k}.amp"));
        let amp = blocks::op_amp(&mut design, &amp).unwrap();
        drivers.push(
            blocks::follower(&mut design, &format!("follower{k}"), Parts::new(amp, v_ref, 1e4)).unwrap(),
        );
    }
    let mut tias = Vec::new();
    for k in 0..COLS {
        let op_amp = op_amp(format!("ota_t{k}"), &format!("tile.tia_{k}.amp"));
        let spec = TiaSpec { r_f: R_F, c_f: 0.0, v_ref: V_REF, i_in: None, op_amp };
        tias.push(
            blocks::tia(&mut design, &Named::new(format!("readout{k}"), spec), Origin::here()).unwrap(),
        );
    }
    let mut m = design.module("tile_of_a_layer");
    let x = m.input("x", Nature::Voltage, INPUTS as u32);
    let y = m.output("y", Nature::Voltage, COLS as u32);
    let (line, i) = (m.net("line", Nature::Voltage, INPUTS as u32), m.net("i", Nature::Current, COLS as u32));
    let wire = |net, k: usize| vec![Slice::Net { net, start: k as u32, len: 1 }];
    for (k, driver) in drivers.into_iter().enumerate() {
        m.instance(format!("driver_{k}"), Element::Module(driver))
            .pin("inp", wire(x, k))
            .pin("out", wire(line, k))
            .add();
    }
    let rows = [Slice::Net { net: line, start: 0, len: INPUTS as u32 }];
    let rows: Vec<Slice> = rows.into_iter().chain(rails.into_iter().map(Slice::Supply)).collect();
    let array = Crossbar::new((INPUTS + RAILS.len()) as u32, COLS as u32, cell, 0.0, g.to_vec());
    m.instance("xbar", Element::Crossbar(array)).pin("row", rows).net("col", i).add();
    for (k, tia) in tias.into_iter().enumerate() {
        m.instance(format!("tia_{k}"), Element::Module(tia))
            .pin("inp", wire(i, k))
            .pin("out", wire(y, k))
            .add();
    }
    let tile = m.finish().unwrap();
    let mut m = design.module("top");
    let x = m.input("x", Nature::Voltage, INPUTS as u32);
    let y = m.output("y", Nature::Voltage, COLS as u32);
    m.instance("tile", Element::Module(tile)).net("x", x).net("y", y).add();
    design.top = Some(m.finish().unwrap());
    (design, tile)
}

fn targets() -> Vec<f32> {
    let mut next = numbers();
    let weights = (0..INPUTS * COLS).map(|_| (1e-6 + 99e-6 * next()) as f32).collect::<Vec<_>>();
    // Each column has a bias cell on the first rail only.
    let rails = (0..RAILS.len() * COLS).map(|k| if k < COLS { 3e-5 } else { ABSENT });
    weights.into_iter().chain(rails).collect()
}

fn chip(trim: Option<Trim>) -> Chip {
    let spec = NonIdealities {
        seed: 4,
        levels: Some(Levels::Uniform { count: 64 }),
        programming_error: Some(ProgrammingError::Relative { sigma: 0.01 }),
        offset_sigma: 3e-3,
        op_amp_noise: 1e-4,
        trim,
        ..NonIdealities::default()
    };
    Chip::new(spec).unwrap()
}

/// The parts as made, and the outputs for `volts`; noise is left out of the run itself.
fn made(trim: Option<Trim>, volts: &[f64]) -> (Chip, Vec<f64>) {
    let (design, _) = tile(&targets(), |_| 0.0);
    let evaluator = Evaluator::on_chip(&design, &chip(trim), &Options::default()).unwrap();
    let made = evaluator.chip().unwrap().clone();
    let quiet = Chip::quiet(&made);
    let evaluator = Evaluator::on_chip(&design, &quiet, &Options::default()).unwrap();
    let run =
        evaluator.run(&Signals::from_iter([("x".to_owned(), Matrix::new(INPUTS, volts.to_vec()))])).unwrap();
    (quiet, run.outputs["y"].values().to_vec())
}

fn as_made(chip: &Chip) -> (Design, Id<Module>) {
    let (design, _) = tile(&targets(), |_| 0.0);
    let id = design.modules.find("tile_of_a_layer").unwrap();
    let module = &design.modules[id];
    let Element::Crossbar(target) = &module.instances[module.instances.find("xbar").unwrap()].element else {
        panic!("an array")
    };
    let cells = chip.crossbar("tile.xbar", target, &CELL).unwrap().unwrap();
    tile(cells.conductance(), |path| chip.offset(path))
}

#[test]
fn a_trim_in_ngspice_is_the_evaluators() {
    let rest = vec![V_REF; INPUTS];
    let vector: Vec<f64> = (0..INPUTS).map(|k| V_REF + 0.03 * (k as f64 - 2.5)).collect();
    let ideal = |volts: &[f64]| {
        let (design, _) = tile(&targets(), |_| 0.0);
        let evaluator = Evaluator::new(&design, &Options::default()).unwrap();
        let run = evaluator.run(&Signals::from_iter([("x".to_owned(), Matrix::new(INPUTS, volts.to_vec()))]));
        run.unwrap().outputs["y"].values().to_vec()
    };
    let apart = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    let wanted = ideal(&rest);
    let mut errors = Vec::new();
    for trim in [None, Some(Trim::default())] {
        let (chip, at_rest) = made(trim, &rest);
        let (_, driven) = made(trim, &vector);
        let (design, module) = as_made(&chip);
        let (simulated, _) = simulate(&design, module, &[rest.clone(), vector.clone()]);
        let span = driven.iter().map(|v| (v - V_REF).abs()).fold(0.0, f64::max);
        assert!(apart(&simulated[0], &at_rest) < 1e-6 * span, "{simulated:?} {at_rest:?}");
        assert!(apart(&simulated[1], &driven) < 1e-6 * span, "{simulated:?} {driven:?}");
        errors.push(apart(&simulated[0], &wanted));
    }
    let [before, after] = errors[..] else { panic!("two") };
    println!("largest error at rest: {:.3} mV before, {:.4} mV after", 1e3 * before, 1e3 * after);
    // Half a level and a programming error of 1 % on the lowest rail, and a thousandth of the noise, are tens of microvolts.
    assert!(before > 1e-3 && after < 1.5e-4, "{before:e} {after:e}");
}

#[test]
fn a_trim_stays_within_levels_range_and_what_works() {
    let (chip, _) = made(Some(Trim::default()), &[V_REF; INPUTS]);
    let cells = chip.trimmed().of("tile.xbar").expect("a trim");
    assert!(cells.len() >= COLS, "{cells:?}");
    // Only rails, and five deviations of the error about a level in the range.
    let step = (CELL.g_max - CELL.g_min) / 63.0;
    for (cell, g) in cells {
        let g = f64::from(*g);
        assert!(cell / COLS >= INPUTS, "{cell}");
        let level = ((g - CELL.g_min) / step).round().clamp(0.0, 63.0) * step + CELL.g_min;
        assert!((g - level).abs() <= 0.5 * step + 0.05 * level && g <= CELL.g_max * 1.05, "{g:e}");
    }
}
