//! Noise from an op-amp's density and bandwidth: the evaluator's variance beside ngspice's integrated `.noise`.

use memloom::blocks::{self, Parts};
use memloom::ir::{
    Cell, Crossbar, Design, Element, FrameStore, Id, Module, Nature, OpAmp, Origin, Parasitics, SampleHold,
};
use memloom::technology::{Named, TiaSpec};
use memloom::units::Farads;
use memloom_sim::chip::{Chip, NonIdealities};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};
use std::f64::consts::TAU;
use std::fmt::Write;

const AMP: OpAmp = OpAmp { gain: 1e6, gbw: 1e7, slew: 1e7, swing: (-10.0, 10.0), ..OpAmp::PLAIN };
const DENSITY: f64 = 1e-8;
/// ngspice's temperature unless told: 27 degrees.
const KELVIN: f64 = 300.15;
const G: [f32; 3] = [2e-5, 5e-5, 8e-5];
const READS: usize = 40_000;

/// Variance of the output of a module of `inputs` inputs over many reads.
fn variance(design: Design, inputs: usize) -> f64 {
    let spec = NonIdealities { seed: 3, noise_density: Some(DENSITY), ..NonIdealities::default() };
    let evaluator = Evaluator::on_chip(&design, &Chip::new(spec).unwrap(), &Options::default()).unwrap();
    let input = || Signals::from_iter([("x".to_owned(), Matrix::new(inputs, vec![0.0; inputs]))]);
    let batched = evaluator.batched(&input()).unwrap();
    let outputs = batched.run(0..READS, |_| input()).unwrap();
    let values = outputs.iter().map(|signals| signals["y"].values()[0]);
    let mean = values.clone().sum::<f64>() / READS as f64;
    values.map(|v| (v - mean).powi(2)).sum::<f64>() / READS as f64
}

/// Variance of what a sample-and-hold of a memory of two pixels holds, over many images.
fn held(c_hold: f64) -> f64 {
    let mut design = Design::new("d");
    design.sample_hold = SampleHold { c_hold };
    let v_ref = blocks::supply(&mut design, "v_ref", 0.0).unwrap();
    let amp = blocks::op_amp(&mut design, &Named::new("ota", AMP)).unwrap();
    let follower = blocks::follower(&mut design, "follower", Parts::new(amp, v_ref, 1e4)).unwrap();
    let mut m = design.module("top");
    let x = m.input("x", Nature::Voltage, 1);
    let y = m.output("y", Nature::Voltage, 2);
    let taps = m.net("taps", Nature::Voltage, 2);
    let [row, col] = [("row", 1), ("col", 2)].map(|(name, width)| m.input(name, Nature::Select, width));
    let store = m.instance("store", Element::Store(FrameStore::whole(1, 2)));
    store.net("inp", x).net("tap", taps).net("wr_row", row).net("wr_col", col).supply("v_ref", v_ref).add();
    m.instance("read", Element::Module(follower)).array(2).net("inp", taps).net("out", y).add();
    design.top = Some(m.finish().unwrap());
    // The capacitor's noise alone: op-amps have none.
    let spec = NonIdealities { seed: 3, noise_density: Some(0.0), ..NonIdealities::default() };
    let evaluator = Evaluator::on_chip(&design, &Chip::new(spec).unwrap(), &Options::default()).unwrap();
    let input = || Signals::from_iter([("x".to_owned(), Matrix::new(1, vec![0.0; 2]))]);
    let of = |outputs: Vec<Signals>| {
        let values: Vec<f64> = outputs.iter().flat_map(|signals| signals["y"].values().to_vec()).collect();
        values.iter().map(|v| v * v).sum::<f64>() / values.len() as f64
    };
    let batched = of(evaluator.batched(&input()).unwrap().run(0..READS, |_| input()).unwrap());
    let exact = of(evaluator.run_batch(READS, |_| input()).unwrap().outputs);
    assert!((batched / exact - 1.0).abs() < 1e-5, "{batched:e} {exact:e}");
    batched
}

fn top(mut design: Design, module: Id<Module>, pin: &str, inputs: u32) -> Design {
    let mut m = design.module("top");
    let x = m.input("x", Nature::Voltage, inputs);
    let y = m.output("y", Nature::Voltage, 1);
    m.instance("stage", Element::Module(module)).net(pin, x).net("out", y).add();
    design.top = Some(m.finish().unwrap());
    design
}

/// What ngspice prints when it runs a deck.
pub(super) fn printed(deck: &str) -> String {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("deck.cir");
    std::fs::write(&file, deck).unwrap();
    let program = std::env::var_os("MEMLOOM_NGSPICE").unwrap_or_else(|| "ngspice".into());
    let run = std::process::Command::new(program).arg("-b").arg(&file).output().expect("ngspice on the path");
    String::from_utf8_lossy(&run.stdout).into_owned()
}

/// Square volts at `out` of `deck`, integrated from `from` hertz on; `source` is its input.
pub(super) fn integrated(deck: &str, source: &str, from: f64) -> f64 {
    let control = format!(
        ".control\nnoise v(out) {source} dec 50 {from:e} 1e12\nsetplot noise2\nprint onoise_total\nquit\n.endc\n.end\n"
    );
    let text = printed(&format!("noise\n{deck}\n{control}"));
    let line = text.lines().find_map(|line| line.strip_prefix("onoise_total = "));
    let volts: f64 = line.unwrap_or_else(|| panic!("{text}")).trim().parse().unwrap();
    volts * volts
}

/// Square volts at `out` of the circuit `parts` around an integrator of the op-amp's bandwidth from `p` and `n` to
/// `out`, whose input has the density by way of a resistor's thermal noise.
fn ngspice(parts: &str) -> f64 {
    let r_noise = DENSITY.powi(2) / (4.0 * 1.380649e-23 * KELVIN);
    let mut deck = String::from("V1 in 0 dc 0 ac 1\n");
    writeln!(
        deck,
        "Rn nz 0 {r_noise:e}\nGa 0 a p n {w:e}\nGb 0 a nz 0 {w:e}\nCa a 0 1\nRa a 0 1e15\nE1 out 0 a 0 1",
        w = TAU * AMP.gbw
    )
    .unwrap();
    integrated(&format!("{deck}{parts}"), "V1", 1e-1)
}

pub(super) fn assert_near(found: f64, wanted: f64) {
    println!("evaluator {:.2} uV, ngspice {:.2} uV", 1e6 * found.sqrt(), 1e6 * wanted.sqrt());
    assert!((found / wanted - 1.0).abs() < 0.03, "{found:e} for {wanted:e}");
}

#[test]
fn a_column_behind_a_tia() {
    column(0.0, Parasitics::NONE);
}

/// What the op-amp's input, the line and its cells have to ground raises the noise gain at high frequencies.
#[test]
fn a_column_with_capacitance() {
    let (c_wire, c_cell) = (Farads::new(1e-12), Farads::new(0.5e-12));
    column(4e-12, Parasitics { c_wire, c_cell, ..Parasitics::NONE });
}

/// Three cells behind a TIA of an op-amp with `c_in` farad at its input.
fn column(c_in: f64, parasitics: Parasitics) {
    let (r_f, c_f) = (1e4, 1e-12);
    let amp = OpAmp { c_in, ..AMP };
    let mut design = Design::new("d");
    let cell = blocks::cell(&mut design, &Named::new("cell", Cell::new(1e-6, 1e-4, 0.2))).unwrap();
    let spec = TiaSpec { r_f, c_f, v_ref: 0.0, i_in: None, op_amp: Named::new("ota", amp) };
    let tia = blocks::tia(&mut design, &Named::new("readout", spec), Origin::here()).unwrap();
    let mut m = design.module("column");
    let x = m.input("x", Nature::Voltage, 3);
    let y = m.output("out", Nature::Voltage, 1);
    let i = m.net("i", Nature::Current, 1);
    let array = Crossbar::new(3, 1, cell, 0.0, G.to_vec()).with_parasitics(parasitics);
    m.instance("xbar", Element::Crossbar(array)).net("row", x).net("col", i).add();
    m.instance("tia", Element::Module(tia)).net("inp", i).net("out", y).add();
    let module = m.finish().unwrap();
    let found = variance(top(design, module, "x", 3), 3);
    let cells: Vec<String> = G
        .iter()
        .enumerate()
        .map(|(k, g)| format!("R{k} {} n {:e}", if k == 0 { "in" } else { "0" }, 1.0 / g))
        .collect();
    let stray = c_in + 3.0 * (parasitics.c_wire.get() + parasitics.c_cell.get());
    let around = format!("Rf n out {r_f:e}\nCf n out {c_f:e}\nCn n 0 {stray:e}");
    assert_near(found, ngspice(&format!("Vp p 0 0\n{}\n{around}", cells.join("\n"))));
}

#[test]
fn an_amplifier_that_adds_and_a_follower() {
    let mut design = Design::new("d");
    let amp = blocks::op_amp(&mut design, &Named::new("ota", AMP)).unwrap();
    let v_ref = blocks::supply(&mut design, "v_ref", 0.0).unwrap();
    let parts = Parts::new(amp, v_ref, 1e4);
    let summer = blocks::summer(&mut design, "sum_2", 2, parts).unwrap();
    let found = variance(top(design.clone(), summer, "inp", 2), 2);
    assert_near(found, ngspice("Vp p 0 0\nR1 in n 1e4\nR2 0 n 1e4\nRf n out 1e4"));
    // What reads a sample-and-hold's capacitor.
    let follower = blocks::follower(&mut design, "follower", parts).unwrap();
    let found = variance(top(design, follower, "inp", 1), 1);
    assert_near(found, ngspice("Vp p in 0\nVn n out 0"));
}

/// The noise of a switch in the moment in which it opens is that of its resistance through the capacitor.
#[test]
fn a_sample_and_hold() {
    for (c_hold, ohms) in [(1e-12, 1e3), (2e-13, 2e4)] {
        let deck = format!("V1 in 0 dc 0 ac 1\nRs in out {ohms:e}\nCh out 0 {c_hold:e}");
        assert_near(held(c_hold), integrated(&deck, "V1", 1.0));
    }
}
