//! A module that is solved in pieces gives what it gives as one deck, and what the evaluator makes of it.

use memloom::blocks::{self, Parts};
use memloom::functions::HARD_SWISH;
use memloom::ir::{
    Behaviour, Bits, Cell, Crossbar, Design, Element, Function, Id, Module, Nature, OpAmp, Origin, Slice,
};
use memloom::technology::{Named, TiaSpec};
use memloom_codegen::{Circuit, Cut, Grain, TestBench, dc_deck};
use memloom_sim::external::check::{compare, outputs};
use memloom_sim::external::{Engine, Limits, Ngspice, OpenVaf, Solver, Vacask};
use memloom_sim::native::{Options, evaluate_module};

const V_REF: f64 = 0.9;
const R: f64 = 1e5;
const AMP: OpAmp = OpAmp { gain: 1e4, gbw: 1e7, slew: 1e7, offset: 1e-4, swing: (0.1, 1.7), ..OpAmp::PLAIN };
const INPUTS: u32 = 12;
const OUTPUTS: u32 = 5;
/// Every part apart, one group to a piece.
const FINE: Grain = Grain { whole: 0, joined: 0, piece: 1 };
/// A few pieces.
const MIDDLE: Grain = Grain { whole: 0, joined: 20, piece: 100 };

/// A tile of half the inputs: a driver for each, both rails of it as wordlines, a TIA on each bitline.
fn tile(design: &mut Design, parts: Parts, number: u32) -> Id<Module> {
    let cell = blocks::cell(design, &Named::new("hfo2", Cell::new(1e-6, 1e-4, 0.2))).unwrap();
    let driver = design.modules.find("row_driver");
    let driver = driver.unwrap_or_else(|| blocks::row_driver(design, "row_driver", parts).unwrap());
    let spec = TiaSpec { r_f: 8e3, c_f: 1e-12, v_ref: V_REF, i_in: None, op_amp: Named::new("ota", AMP) };
    let tia = design.modules.find("readout");
    let tia =
        tia.unwrap_or_else(|| blocks::tia(design, &Named::new("readout", spec), Origin::here()).unwrap());
    let inputs = INPUTS / 2;
    let mut m = design.module(format!("tile_{number}"));
    let x = m.input("x", Nature::Voltage, inputs);
    let y = m.output("y", Nature::Voltage, OUTPUTS);
    let rails = ["pos", "neg"].map(|name| m.net(name, Nature::Voltage, inputs));
    let i = m.net("i", Nature::Current, OUTPUTS);
    let drivers = m.instance("driver", Element::Module(driver)).array(inputs).net("inp", x);
    drivers.net("pos", rails[0]).net("neg", rails[1]).add();
    let g = |k: u32| if (k + number) % 7 == 3 { 0.0 } else { 1e-6 + 2e-5 * ((k * 37) % 64) as f32 / 63.0 };
    let g = (0..2 * inputs * OUTPUTS).map(g).collect();
    let array = Crossbar::new(2 * inputs, OUTPUTS, cell, 0.0, g);
    let rows: Bits = rails.iter().flat_map(|rail| m.all(*rail)).collect();
    m.instance("xbar", Element::Crossbar(array)).pin("row", rows).net("col", i).add();
    let r_f = (0..OUTPUTS).map(|k| 8e3 + 1e3 * f64::from(k)).collect::<Vec<_>>();
    m.instance("tia", Element::Module(tia)).array(OUTPUTS).net("inp", i).net("out", y).arg("r_f", r_f).add();
    m.finish().unwrap()
}

/// Two tiles, the sums of their outputs, and an activation of each; the first sum comes out beside.
fn layer() -> (Design, Id<Module>) {
    let mut design = Design::new("layer");
    let v_ref = blocks::supply(&mut design, "v_ref", V_REF).unwrap();
    let amp = blocks::op_amp(&mut design, &Named::new("ota", AMP)).unwrap();
    let parts = Parts::new(amp, v_ref, R);
    let tiles = [0, 1].map(|number| tile(&mut design, parts, number));
    let sum = blocks::summer(&mut design, "sum_2", 2, parts).unwrap();
    let function = Function::Activation(HARD_SWISH);
    let swish = Behaviour { function, swing: (0.1, 1.7), unit: 0.1 };
    let swish = blocks::behaviour(&mut design, &Named::new("swish", swish)).unwrap();
    let mut m = design.module("layer");
    let x = m.input("x", Nature::Voltage, INPUTS);
    let y = m.output("y", Nature::Voltage, OUTPUTS);
    let first = m.output("first", Nature::Voltage, OUTPUTS);
    let halves = [0, 1].map(|k| m.net(format!("part_{k}"), Nature::Voltage, OUTPUTS));
    for (k, (tile, half)) in tiles.into_iter().zip(halves).enumerate() {
        let half_x = vec![Slice::Net { net: x, start: k as u32 * INPUTS / 2, len: INPUTS / 2 }];
        let instance = m.instance(format!("t_{k}"), Element::Module(tile));
        instance.pin("x", half_x).net("y", half).add();
    }
    let wire = |k| halves.map(|net| Slice::Net { net, start: k, len: 1 });
    let inputs: Bits = (0..OUTPUTS).flat_map(wire).collect();
    m.instance("sum", Element::Module(sum)).array(OUTPUTS).pin("inp", inputs).net("out", first).add();
    let act = m.instance("act", Element::Behaviour(swish)).array(OUTPUTS);
    act.net("inp", first).net("out", y).supply("v_ref", v_ref).add();
    let top = m.finish().unwrap();
    (design, top)
}

fn vectors(count: usize) -> Vec<Vec<f64>> {
    let value = |k: usize| V_REF + 0.15 * (((k * 29 + 11) % 101) as f64 / 50.0 - 1.0);
    let inputs = INPUTS as usize;
    (0..count).map(|vector| (0..inputs).map(|input| value(vector * inputs + input)).collect()).collect()
}

#[test]
fn pieces_give_what_the_whole_does() {
    let (design, module) = layer();
    let vectors = vectors(3);
    let native = evaluate_module(&design, module, &Options::default(), &vectors).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let vacask = Vacask::find().unwrap().compiling(OpenVaf::find(dir.path().join("cache")).unwrap());
    let ngspice = Ngspice::find().unwrap();
    let engines: [(&dyn TestBench, &(dyn Engine + Sync)); 2] =
        [(&memloom_codegen::Ngspice, &ngspice), (&memloom_codegen::Vacask, &vacask)];
    for (dialect, engine) in engines {
        let deck = dc_deck(dialect, &design, module, &vectors, Circuit::Embedded).unwrap();
        let whole = outputs(engine, &deck, vectors.len(), dir.path(), &Limits::default()).unwrap();
        for (grain, decks) in [(FINE, 12 + 2 + 5 + 5), (MIDDLE, 1 + 2 + 1), (Grain::default(), 1)] {
            let cut = Cut::new(&design, module, grain).unwrap();
            let names: Vec<&str> = cut.outputs().iter().map(|(name, _)| name.as_str()).collect();
            assert!(names.iter().copied().eq(deck.outputs.iter().map(String::as_str)), "{names:?}");
            let folder = tempfile::tempdir().unwrap();
            let solver = Solver { engine, dialect, limits: &Limits::default(), keep: false };
            let solved = solver.solve(&cut, &vectors, folder.path()).unwrap();
            for (what, other) in [("the whole", &whole), ("the evaluator", &native)] {
                let difference = compare(&deck.outputs, other, &solved.outputs).unwrap();
                let of = format!("{}, {grain:?}, {what}: {difference}", engine.name());
                assert!(difference.of_span < 1e-10, "{of}");
            }
            assert_eq!(solved.decks, decks, "{} {grain:?}", engine.name());
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is kept");
        }
    }
}

/// More vectors than a deck takes come out in their order.
#[test]
fn many_vectors_are_several_decks() {
    let (design, module) = layer();
    let vectors = vectors(600);
    let native = evaluate_module(&design, module, &Options::default(), &vectors).unwrap();
    let cut = Cut::new(&design, module, MIDDLE).unwrap();
    let (ngspice, folder) = (Ngspice::find().unwrap(), tempfile::tempdir().unwrap());
    let limits = &Limits::default();
    let solver = Solver { engine: &ngspice, dialect: &memloom_codegen::Ngspice, limits, keep: true };
    let solved = solver.solve(&cut, &vectors, folder.path()).unwrap();
    let names: Vec<String> = cut.outputs().iter().map(|(name, _)| name.clone()).collect();
    let difference = compare(&names, &native, &solved.outputs).unwrap();
    assert!(difference.of_span < 1e-10, "{difference}");
    assert_eq!(solved.decks, 3 * 4);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), solved.decks, "a folder for each deck");
    assert!(solved.peak_rss.is_some_and(|bytes| bytes < 100_000_000), "{:?}", solved.peak_rss);
}
