//! Noise of cells and op-amps against its formula, and what it cannot be had for.

use crate::kit::{Kit, V_REF, resistor, wire};
use memloom::ir::{Element, Nature};
use memloom_sim::chip::{Chip, NonIdealities, ReadNoise};
use memloom_sim::native::{Error, Evaluator, Matrix, Options, Signals};

const R_F: f64 = 1e4;
const G: [f64; 6] = [2e-5, 5e-5, 1e-5, 8e-5, 3e-5, 4e-5];
const X: [f64; 3] = [0.1, -0.05, 0.2];
const IMAGES: usize = 4000;

/// Three wordlines, two bitlines, a TIA each.
fn kit() -> Kit {
    let mut kit = Kit::new();
    let tia = kit.tia(R_F);
    let array = kit.crossbar(3, 2, 0.0, &G);
    kit.module("layer", |m| {
        let x = m.input("x", Nature::Voltage, 3);
        let y = m.output("y", Nature::Voltage, 2);
        let i = m.net("i", Nature::Current, 2);
        m.instance("array", array).net("row", x).net("col", i).add();
        m.instance("tia", Element::Module(tia)).array(2).net("i", i).net("v", y).add();
    });
    kit
}

fn inputs() -> Signals {
    Signals::from_iter([("x".to_string(), Matrix::new(3, X.map(|x| V_REF + x).to_vec()))])
}

/// Mean and variance of each output over many reads of one input, with ideal op-amps; in both precisions.
fn reads(spec: NonIdealities) -> [[(f64, f64); 2]; 2] {
    let kit = kit();
    let chip = Chip::new(NonIdealities { gain: Some(f64::INFINITY), seed: 11, ..spec }).unwrap();
    let evaluator = Evaluator::on_chip(&kit.design, &chip, &Options::default()).unwrap();
    let batched = evaluator.batched(&inputs()).unwrap();
    assert_eq!(batched.exact_blocks(), Vec::<&str>::new());
    let single = batched.run(0..IMAGES, |_| inputs()).unwrap();
    let double = evaluator.run_batch(IMAGES, |_| inputs()).unwrap().outputs;
    [single, double].map(|outputs| {
        [0, 1].map(|k: usize| {
            let n = IMAGES as f64;
            let values = outputs.iter().map(|signals| signals["y"].values()[k] - V_REF);
            let mean = values.clone().sum::<f64>() / n;
            (mean, values.map(|v| (v - mean).powi(2)).sum::<f64>() / n)
        })
    })
}

fn assert_reads(spec: NonIdealities, variance: impl Fn(usize) -> f64) {
    for outputs in reads(spec) {
        for (k, (mean, found)) in outputs.into_iter().enumerate() {
            let wanted = variance(k);
            let sum: f64 = (0..3).map(|row| X[row] * f64::from(G[2 * row + k] as f32)).sum();
            assert!((mean + R_F * sum).abs() < 5.0 * (wanted / IMAGES as f64).sqrt(), "mean {mean}");
            // Five standard errors of a variance.
            let error = 5.0 * wanted * (2.0 / IMAGES as f64).sqrt();
            assert!((found - wanted).abs() < error, "variance {found:e}, not {wanted:e}");
        }
    }
}

#[test]
fn read_noise_adds_up_over_the_cells_of_a_bitline() {
    let relative =
        NonIdealities { read_noise: Some(ReadNoise::Relative { sigma: 0.1 }), ..Default::default() };
    assert_reads(relative, |k| (0..3).map(|row| (R_F * 0.1 * G[2 * row + k] * X[row]).powi(2)).sum());
    let absolute =
        NonIdealities { read_noise: Some(ReadNoise::Absolute { sigma: 2e-6 }), ..Default::default() };
    assert_reads(absolute, |_| X.iter().map(|x| (R_F * 2e-6 * x).powi(2)).sum());
}

#[test]
fn an_op_amps_noise_is_raised_by_its_noise_gain() {
    let spec = NonIdealities { op_amp_noise: 1e-3, ..Default::default() };
    let noise_gain = |k: usize| 1.0 + R_F * (0..3).map(|row| G[2 * row + k]).sum::<f64>();
    assert_reads(spec, |k| (1e-3 * noise_gain(k)).powi(2));
}

/// Two columns read the same row drivers, a follower and an inverter behind it: what those add to both is one draw.
#[test]
fn a_row_drivers_noise_is_the_same_for_all_columns() {
    const SIGMA: f64 = 1e-3;
    const READS: usize = 40_000;
    let mut kit = Kit::new();
    let (tia, array) = (kit.tia(R_F), kit.crossbar(3, 2, 0.0, &G));
    let (op_amp, v_ref) = (kit.op_amp, memloom::ir::Slice::Supply(kit.v_ref));
    kit.module("layer", |m| {
        let x = m.input("x", Nature::Voltage, 2);
        let y = m.output("y", Nature::Voltage, 2);
        let lines = m.net("lines", Nature::Voltage, 3);
        let (sum, i) = (m.net("sum", Nature::Current, 1), m.net("i", Nature::Current, 2));
        // The first input drives a line and an inverted one, the second a line.
        for (k, line) in [(0, 0), (1, 2)] {
            let follower = m.instance(format!("follower_{k}"), Element::OpAmp(op_amp));
            let (inp, out) = (vec![wire(x, k)], vec![wire(lines, line)]);
            follower.pin("inp", inp).pin("inn", out.clone()).pin("out", out).add();
        }
        resistor(m, "r_in", R_F, wire(lines, 0), wire(sum, 0));
        resistor(m, "r_back", R_F, wire(lines, 1), wire(sum, 0));
        let inverter = m.instance("inverter", Element::OpAmp(op_amp)).pin("inp", vec![v_ref]);
        inverter.net("inn", sum).pin("out", vec![wire(lines, 1)]).add();
        m.instance("array", array).net("row", lines).net("col", i).add();
        m.instance("tia", Element::Module(tia)).array(2).net("i", i).net("v", y).add();
    });
    let spec =
        NonIdealities { gain: Some(f64::INFINITY), seed: 4, op_amp_noise: SIGMA, ..Default::default() };
    let evaluator = Evaluator::on_chip(&kit.design, &Chip::new(spec).unwrap(), &Options::default()).unwrap();
    let input = || Signals::from_iter([("x".to_string(), Matrix::new(2, vec![V_REF; 2]))]);
    let batched = evaluator.batched(&input()).unwrap();
    assert_eq!(batched.exact_blocks(), Vec::<&str>::new());
    let single = batched.run(0..READS, |_| input()).unwrap();
    let double = evaluator.run_batch(READS, |_| input()).unwrap().outputs;
    // The same numbers by the same parts.
    for (a, b) in single.iter().zip(&double) {
        let pairs = a["y"].values().iter().zip(b["y"].values());
        pairs.for_each(|(a, b)| assert!((a - b).abs() < 1e-6, "{a} {b}"));
    }
    let product = |a: usize, b: usize| {
        let of = |k: usize| single.iter().map(move |signals| signals["y"].values()[k] - V_REF);
        of(a).zip(of(b)).map(|(a, b)| a * b).sum::<f64>() / READS as f64
    };
    // What each op-amp of the drivers adds to a column: the first line's noise comes inverted through the second, too.
    let gains = |k: usize| [G[k] - G[2 + k], 2.0 * G[2 + k], G[4 + k]].map(|g| R_F * g);
    let shared: f64 = gains(0).iter().zip(gains(1)).map(|(a, b)| a * b).sum::<f64>() * SIGMA * SIGMA;
    let error = 5.0 * (product(0, 0) * product(1, 1) / READS as f64).sqrt();
    assert!((product(0, 1) - shared).abs() < error, "{:e}, not {shared:e}", product(0, 1));
    assert!(shared > 3.0 * error, "a covariance that can be told from none");
}

#[test]
fn a_bitline_that_no_op_amp_holds_has_no_read_noise() {
    let mut kit = Kit::new();
    let array = kit.crossbar(3, 1, 0.0, &G[..3]);
    let (op_amp, gnd) = (kit.op_amp, kit.gnd);
    kit.module("divider", |m| {
        let x = m.input("x", Nature::Voltage, 3);
        let y = m.output("y", Nature::Voltage, 1);
        let i = m.net("i", Nature::Current, 1);
        m.instance("array", array).net("row", x).net("col", i).add();
        let ground = memloom::ir::Slice::Supply(gnd);
        resistor(m, "load", R_F, wire(i, 0), ground);
        m.instance("amp", Element::OpAmp(op_amp)).net("inp", i).net("inn", y).net("out", y).add();
    });
    let chip = Chip::new(NonIdealities {
        read_noise: Some(ReadNoise::Relative { sigma: 0.1 }),
        ..Default::default()
    });
    // The bitline's voltage is free: it is read by the op-amp, not held by it, and has no noise to be computed.
    let found = Evaluator::on_chip(&kit.design, &chip.unwrap(), &Options::default()).err();
    let Some(Error::Within { error, .. }) = &found else { panic!("{found:?}") };
    assert!(matches!(&**error, Error::Noise(node) if node == "i"), "{error}");
}
