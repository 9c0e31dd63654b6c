//! Foreign cells and supply pins in both simulators, and what the evaluator makes of them.

use memloom::ir::{Design, Id, Module};
use memloom::prelude::*;
use memloom_codegen::{Circuit, TestBench, dc_deck};
use memloom_sim::external::check::outputs;
use memloom_sim::external::{Engine, Limits, Ngspice, OpenVaf, Vacask};
use memloom_sim::native::{self, Options};

/// What each simulator gives for `vectors`, with its name.
fn simulated(design: &Design, top: Id<Module>, vectors: &[Vec<f64>]) -> Vec<(String, Vec<Vec<f64>>)> {
    let dir = tempfile::tempdir().expect("a folder");
    let openvaf = OpenVaf::find(dir.path().join("cache")).expect("OpenVAF");
    let vacask = Vacask::find().expect("VACASK").compiling(openvaf);
    let ngspice = Ngspice::find().expect("ngspice");
    let pairs: [(&dyn TestBench, &dyn Engine); 2] =
        [(&memloom_codegen::Ngspice, &ngspice), (&memloom_codegen::Vacask, &vacask)];
    let run = |(dialect, engine): (&dyn TestBench, &dyn Engine)| {
        let deck = dc_deck(dialect, design, top, vectors, Circuit::Embedded).expect("a deck");
        let found = outputs(engine, &deck, vectors.len(), dir.path(), &Limits::default()).expect("a run");
        (engine.name().to_string(), found)
    };
    pairs.map(run).into()
}

fn largest_difference(a: &[Vec<f64>], b: &[Vec<f64>]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().flatten().zip(b.iter().flatten()).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

fn top(design: &Design) -> Id<Module> {
    assert_eq!(memloom::erc::check(design), []);
    design.top.expect("a top")
}

/// An amplifier of gain 9; the file has its pins in another order.
#[subcircuit(
    file = "tests/cells/amp.sp", vacask = "tests/cells/amp.sim", name = "amp",
    ports(inp: input, inn: input, out: output), supplies(vdd, vss), params(gain = 9)
)]
struct AmpText;

/// Declared with more gain than the file's cell has, so that the two can be told apart.
#[opamp(gain = 1_000_000, gbw = 10 MHz, slew = 10 V/us, swing = 0 V ..= 1.8 V, subcircuit = AmpText)]
struct Amp;

#[subcircuit(
    file = "tests/cells/amp.sp", vacask = "tests/cells/amp.sim", name = "half",
    ports(inp: input, out: output, v_ref: input), supplies(vss)
)]
struct HalfText;

#[activation(unit = 100 mV, v_ref = 0.9 V, native = identity, subcircuit = HalfText)]
struct Half;

fn identity(x: f64) -> f64 {
    x
}

#[module(supplies(vdd = 1.8 V, vss = 0 V))]
struct Chain {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x, inn = y[0], out = y[0])]
    follower: Amp,
    #[inst(inp = x, out = y[1])]
    act: Half,
}

#[test]
fn simulators_run_the_file_and_the_evaluator_what_is_declared() {
    let design = elaborate("chain", &Chain { follower: Amp, act: Half }).expect("a good design");
    let (top, vectors) = (top(&design), [vec![0.5], vec![1.0], vec![1.5]]);
    // A follower of gain A gives A / (1 + A); the cell of the file halves what is above v_ref.
    let of_file: Vec<_> = vectors.iter().map(|x| vec![0.9 * x[0], 0.9 + 0.5 * (x[0] - 0.9)]).collect();
    let declared: Vec<_> = vectors.iter().map(|x| vec![x[0], x[0]]).collect();
    for (who, found) in simulated(&design, top, &vectors) {
        assert!(largest_difference(&found, &of_file) < 1e-9, "{who}: {found:?}");
    }
    let native = native::evaluate_module(&design, top, &Options::default(), &vectors).expect("an answer");
    assert!(largest_difference(&native, &declared) < 1e-5, "{native:?}");
}

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = -0.8 V ..= 1.7 V, supplies(vdd, VEE = vee))]
struct Ota;

#[activation(tanh, unit = 100 mV, v_ref = 0.2 V, swing = 0.15 V ..= 0.27 V, supplies(vee, vdd))]
struct Tanh;

#[activation(multiplier, unit = 100 mV, v_ref = 0.2 V, swing = -0.5 V ..= 0.6 V, supplies(vee))]
struct Product;

/// The cells' own circuits between rails of which none is at 0 V.
#[module(supplies(vdd = 2 V, vee = -1 V))]
struct Supplied {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage, 3>,
    #[inst(inp = x, inn = y[0], out = y[0])]
    follower: Ota,
    #[inst(inp = y[0], out = y[1])]
    act: Tanh,
    #[inst(a = y[0], b = y[1], out = y[2])]
    product: Product,
}

#[test]
fn cells_with_supply_pins_do_what_they_do_without() {
    let supplied = Supplied { follower: Ota, act: Tanh, product: Product };
    let design = elaborate("supplied", &supplied).expect("a good design");
    let (top, vectors) = (top(&design), [-1.2, -0.7, 0.0, 0.17, 0.25, 1.0, 1.9].map(|x| vec![x]));
    let native = native::evaluate_module(&design, top, &Options::default(), &vectors).expect("an answer");
    // Below, within and above the swings.
    assert!((native[0][0] + 0.8).abs() < 1e-3 && (native[6][0] - 1.7).abs() < 1e-3, "{native:?}");
    for (who, found) in simulated(&design, top, &vectors) {
        assert!(largest_difference(&found, &native) < 2e-5, "{who}: {found:?} and {native:?}");
    }
}

/// A foreign cell deep in a hierarchy.
#[module(supplies(vdd, vss))]
struct Inner {
    #[input]
    x: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[inst(inp = x, inn = y, out = y)]
    amp: AmpText,
    #[inst(p = vdd, n = vss)]
    bleed: Resistor,
}

#[module(supplies(vdd = 1.8 V, vss = 0 V))]
struct Outer {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage, 2>,
    #[inst(inp = x[0], inn = y[0], out = y[0])]
    known: Amp,
    #[inst(x = x[1], y = y[1])]
    inner: Inner,
}

#[test]
fn the_evaluator_names_what_it_does_not_know() {
    let outer = Outer { known: Amp, inner: Inner { amp: AmpText, bleed: Resistor(Ohms::new(1e4)) } };
    let design = elaborate("outer", &outer).expect("a good design");
    let top = top(&design);
    let errors = [
        native::evaluate_module(&design, top, &Options::default(), &[vec![1.0, 1.0]])
            .map(|_| ())
            .unwrap_err(),
        native::Evaluator::new(&design, &Options::default()).map(|_| ()).expect_err("a cell of a file"),
    ];
    for error in errors {
        let error = error.to_string();
        assert!(error.starts_with("`inner.amp` is `amp` of a netlist file"), "{error}");
    }
    // Simulators run it, its rails through the module between.
    let by_hand = [vec![0.9, 0.45]];
    for (who, found) in simulated(&design, top, &[vec![1.0, 0.5]]) {
        assert!(largest_difference(&found, &by_hand) < 1e-9, "{who}: {found:?}");
    }
}

#[test]
fn a_rail_that_nothing_declares_is_an_error_before_any_text() {
    let inner = Inner { amp: AmpText, bleed: Resistor(Ohms::new(1e4)) };
    let error = elaborate("inner", &inner).expect_err("no vdd").to_string();
    assert!(
        error.contains("`Inner` names the supply `vdd`") && error.contains("tests/foreign.rs"),
        "{error}"
    );
}

#[test]
fn the_deck_of_a_leaf_measures_the_cell_of_the_file() {
    let design = elaborate("chain", &Chain { follower: Amp, act: Half }).expect("a good design");
    let decks = memloom_codegen::leaf_decks(&memloom_codegen::Ngspice, &design, Circuit::Embedded);
    let deck = decks.expect("decks").into_iter().find(|deck| deck.name.contains("Half")).expect("a deck");
    let (dir, ngspice) = (tempfile::tempdir().expect("a folder"), Ngspice::find().expect("ngspice"));
    let found = outputs(&ngspice, &deck, 161, dir.path(), &Limits::default()).expect("a run");
    for point in found {
        let by_hand = 0.9 + 0.5 * (point[0] - 0.9);
        assert!((point[1] - by_hand).abs() < 1e-9, "{point:?}");
    }
}
