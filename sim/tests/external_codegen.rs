//! One circuit, four readings: generated ngspice and VACASK decks, the native evaluator, and a closed form.

use memloom::blocks;
use memloom::functions::HARD_SWISH;
use memloom::ir::{
    Behaviour, Cell, Crossbar, Design, Element, Function, Id, Module, Nature, OpAmp, Origin, siemens,
};
use memloom::technology::{Named, TiaSpec};
use memloom_codegen::{Circuit, TestBench, dc_deck};
use memloom_sim::external::check::{Difference, compare, outputs};
use memloom_sim::external::{Engine, Error, Limits, Ngspice, OpenVaf, Vacask};
use memloom_sim::native::{self, Options};

const V_REF: f64 = 0.9;
const R_F: f64 = 8e3;
const AMP: OpAmp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, offset: 1e-4, swing: (0.1, 1.9), ..OpAmp::PLAIN };

/// Conductances of a `rows` by `cols` crossbar, siemens: all levels between 1 and 100 uS, and some cells absent.
fn conductances(rows: usize, cols: usize) -> Vec<f32> {
    (0..rows * cols)
        .map(|k| if k % 7 == 3 { 0.0 } else { 1e-6 + 99e-6 * ((k * 37) % 64) as f32 / 63.0 })
        .collect()
}

/// Input vectors of `rows` values within `reach` of the reference, volt.
fn vectors(count: usize, rows: usize, reach: f64) -> Vec<Vec<f64>> {
    let value = |k: usize| V_REF + reach * (((k * 29 + 11) % 101) as f64 / 50.0 - 1.0);
    (0..count).map(|vector| (0..rows).map(|row| value(vector * rows + row)).collect()).collect()
}

/// A crossbar with a TIA on each bitline: inputs `x`, outputs `y`.
fn column_sums(design: &mut Design, name: &str, (rows, cols): (u32, u32), r_wire: f64) -> Id<Module> {
    let cell = Cell::new(1e-6, 1e-4, 0.2);
    let cell = blocks::cell(design, &Named::new("hfo2", cell)).unwrap();
    let readout = TiaSpec { r_f: R_F, c_f: 0.0, v_ref: V_REF, i_in: None, op_amp: Named::new("ota", AMP) };
    let readout = blocks::tia(design, &Named::new("readout", readout), Origin::here()).unwrap();
    let mut m = design.module(name);
    let x = m.input("x", Nature::Voltage, rows);
    let y = m.output("y", Nature::Voltage, cols);
    let i = m.net("i", Nature::Current, cols);
    let array = Crossbar::new(rows, cols, cell, r_wire, conductances(rows as usize, cols as usize));
    m.instance("xbar", Element::Crossbar(array)).net("row", x).net("col", i).add();
    m.instance("tia", Element::Module(readout)).array(cols).net("inp", i).net("out", y).add();
    m.finish().unwrap()
}

/// Output of [`column_sums`] without wires. The summing node is where the currents through the cells and `R_F` cancel,
/// and the op-amp answers to it: `y = mid + A (v_ref + offset - s)`, `s = (sum G x + y / R_F) / (sum G + 1 / R_F)`.
fn column_sum(x: &[f64], rows: usize, cols: usize, col: usize) -> f64 {
    let g = conductances(rows, cols);
    let g = |row: usize| siemens(g[row * cols + col]);
    let total: f64 = (0..rows).map(g).sum::<f64>() + 1.0 / R_F;
    let current: f64 = (0..rows).map(|row| g(row) * x[row]).sum();
    let open = AMP.mid() + AMP.gain * (V_REF + AMP.offset - current / total);
    (open / (1.0 + AMP.gain / (R_F * total))).clamp(AMP.swing.0, AMP.swing.1)
}

/// Runs `module` in ngspice and in VACASK and compares both with the native evaluator.
#[track_caller]
fn differences(
    design: &Design,
    module: Id<Module>,
    vectors: &[Vec<f64>],
    options: &Options,
) -> [Difference; 2] {
    let native = native::evaluate_module(design, module, options, vectors).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let vacask = Vacask::find().unwrap().compiling(OpenVaf::find(dir.path().join("cache")).unwrap());
    let ngspice = Ngspice::find().unwrap();
    let pairs: [(&dyn TestBench, &dyn Engine); 2] =
        [(&memloom_codegen::Ngspice, &ngspice), (&memloom_codegen::Vacask, &vacask)];
    pairs.map(|(dialect, engine)| {
        let deck = dc_deck(dialect, design, module, vectors, Circuit::Embedded).unwrap();
        let simulated = outputs(engine, &deck, vectors.len(), dir.path(), &Limits::default()).unwrap();
        let difference = compare(&deck.outputs, &native, &simulated).unwrap();
        println!("{}: {difference}", engine.name());
        difference
    })
}

#[test]
fn native_column_sums_are_the_closed_form() {
    let (mut design, vectors) = (Design::new("d"), vectors(20, 6, 0.2));
    let module = column_sums(&mut design, "sums", (6, 4), 0.0);
    let native = native::evaluate_module(&design, module, &Options::default(), &vectors).unwrap();
    let closed = vectors.iter().map(|x| (0..4).map(|col| column_sum(x, 6, 4, col)).collect());
    let closed: Vec<Vec<f64>> = closed.collect();
    let names: Vec<_> = (0..4).map(|col| format!("y_{col}")).collect();
    let difference = compare(&names, &native, &closed).unwrap();
    assert!(difference.of_span < 1e-12, "{difference}");
}

#[test]
fn simulators_agree_on_column_sums() {
    let mut design = Design::new("d");
    let module = column_sums(&mut design, "sums", (6, 4), 0.0);
    for difference in differences(&design, module, &vectors(20, 6, 0.05), &Options::default()) {
        assert!(difference.of_span < 1e-9 && difference.count == 80, "{difference}");
    }
}

#[test]
fn simulators_agree_on_one_vector() {
    let mut design = Design::new("d");
    let module = column_sums(&mut design, "sums", (6, 1), 0.0);
    for difference in differences(&design, module, &vectors(1, 6, 0.05), &Options::default()) {
        assert!(difference.of_largest < 1e-9 && difference.count == 1, "{difference}");
    }
}

#[test]
fn simulators_agree_on_wires() {
    let mut design = Design::new("d");
    let module = column_sums(&mut design, "sums", (12, 9), 25.0);
    for difference in differences(&design, module, &vectors(10, 12, 0.05), &Options::default()) {
        assert!(difference.of_span < 1e-9, "{difference}");
    }
    // Wires of 25 ohm are no trifle: without them the outputs are others.
    let mut without = Design::new("d");
    let bare = column_sums(&mut without, "sums", (12, 9), 0.0);
    let both = [(&design, module), (&without, bare)];
    let both = both
        .map(|(d, m)| native::evaluate_module(d, m, &Options::default(), &vectors(10, 12, 0.05)).unwrap());
    let names: Vec<_> = (0..9).map(|col| format!("y_{col}")).collect();
    assert!(compare(&names, &both[0], &both[1]).unwrap().of_span > 1e-3);
}

#[test]
fn simulators_agree_at_the_rails() {
    let mut design = Design::new("d");
    let module = column_sums(&mut design, "sums", (12, 5), 0.0);
    let vectors = vectors(30, 12, 0.8);
    let native = native::evaluate_module(&design, module, &Options::default(), &vectors).unwrap();
    assert!(
        native.iter().flatten().any(|v| *v == AMP.swing.0)
            && native.iter().flatten().any(|v| *v == AMP.swing.1)
    );
    // In the models a rail gives way by a millionth of what pushes it.
    for difference in differences(&design, module, &vectors, &Options::default()) {
        assert!(difference.of_span < 1e-6, "{difference}");
    }
}

#[test]
fn simulators_agree_on_an_activation_after_the_sum() {
    let mut design = Design::new("d");
    let sums = column_sums(&mut design, "sums", (6, 3), 0.0);
    let v_ref = blocks::supply(&mut design, "v_ref", V_REF).unwrap();
    let swish = Behaviour { function: Function::Activation(HARD_SWISH), swing: (0.0, 1.8), unit: 0.1 };
    let swish = design.behaviours.insert("swish", swish).unwrap();
    let mut m = design.module("layer");
    let x = m.input("x", Nature::Voltage, 6);
    let y = m.output("y", Nature::Voltage, 3);
    let v = m.net("v", Nature::Voltage, 3);
    m.instance("sums", Element::Module(sums)).net("x", x).net("y", v).add();
    let act = m.instance("act", Element::Behaviour(swish)).array(3);
    act.net("inp", v).net("out", y).supply("v_ref", v_ref).add();
    let layer = m.finish().unwrap();
    for difference in differences(&design, layer, &vectors(20, 6, 0.2), &Options::default()) {
        assert!(difference.of_span < 1e-9, "{difference}");
    }
}

#[test]
fn a_wrong_native_answer_is_seen() {
    let mut design = Design::new("d");
    let module = column_sums(&mut design, "sums", (6, 4), 0.0);
    for difference in differences(&design, module, &vectors(5, 6, 0.05), &Options::ideal()) {
        assert!(difference.of_span > 1e-3, "{difference}");
    }
}

#[test]
fn another_number_of_points_or_outputs_is_an_error() {
    let mut design = Design::new("d");
    let module = column_sums(&mut design, "sums", (6, 4), 0.0);
    let mut deck =
        dc_deck(&memloom_codegen::Ngspice, &design, module, &vectors(5, 6, 0.05), Circuit::Embedded).unwrap();
    let (dir, ngspice) = (tempfile::tempdir().unwrap(), Ngspice::find().unwrap());
    let error = outputs(&ngspice, &deck, 6, dir.path(), &Limits::default()).unwrap_err();
    assert!(error.to_string().contains("5 points where 6 were expected"), "{error}");
    deck.outputs.push("nosuch".into());
    let error = outputs(&ngspice, &deck, 5, dir.path(), &Limits::default()).unwrap_err();
    assert!(
        matches!(&error, Error::Raw { .. }) && error.to_string().contains("no vector `nosuch`"),
        "{error}"
    );
}
