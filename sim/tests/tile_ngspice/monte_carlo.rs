//! A thousand columns in ngspice, each with parts drawn by the test, beside the evaluator's statistics of columns that the
//! chip drew.

use super::noise::printed;
use super::{numbers, readout};
use memloom::blocks;
use memloom::ir::{Cell, Crossbar, Design, Element, Nature, OpAmp, Origin};
use memloom::technology::{Named, TiaSpec};
use memloom_sim::chip::{Chip, NonIdealities, ProgrammingError};
use memloom_sim::native::{Evaluator, Matrix, Options, Signals};
use std::f64::consts::TAU;
use std::fmt::Write;

const AMP: OpAmp = OpAmp { gain: 1e3, gbw: 1e7, slew: 1e7, swing: (-10.0, 10.0), ..OpAmp::PLAIN };
const G: [f64; 8] = [2e-5, 5e-5, 8e-5, 1e-5, 9e-5, 3e-5, 6e-5, 4e-5];
const X: [f64; 8] = [0.1, -0.05, 0.15, 0.2, -0.1, 0.05, -0.2, 0.12];
const R_F: f64 = 5e3;
const OFFSET: f64 = 3e-3;
const RESISTOR: f64 = 0.01;
const PROGRAMMING: f64 = 0.03;
/// In ngspice, and on the evaluator's chip, whose statistics are to be the more exact ones.
const SIMULATED: usize = 1000;
const EVALUATED: u32 = 20_000;

/// Mean and deviation.
fn statistics(values: &[f64]) -> [f64; 2] {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    [mean, (values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n).sqrt()]
}

fn evaluated() -> [f64; 2] {
    let mut design = Design::new("d");
    let cell = blocks::cell(&mut design, &Named::new("cell", Cell::new(1e-6, 1e-4, 0.2))).unwrap();
    let spec = TiaSpec { r_f: R_F, v_ref: 0.0, op_amp: Named::new("ota", AMP), ..readout().spec };
    let tia = blocks::tia(&mut design, &Named::new("readout", spec), Origin::here()).unwrap();
    let mut m = design.module("columns");
    let x = m.input("x", Nature::Voltage, 8);
    let y = m.output("y", Nature::Voltage, EVALUATED);
    let i = m.net("i", Nature::Current, EVALUATED);
    let g = G.iter().flat_map(|g| std::iter::repeat_n(*g as f32, EVALUATED as usize)).collect();
    let array = Element::Crossbar(Crossbar::new(8, EVALUATED, cell, 0.0, g));
    m.instance("xbar", array).net("row", x).net("col", i).add();
    m.instance("tia", Element::Module(tia)).array(EVALUATED).net("inp", i).net("out", y).add();
    design.top = Some(m.finish().unwrap());
    let spec = NonIdealities {
        seed: 8,
        offset_sigma: OFFSET,
        resistor_sigma: RESISTOR,
        programming_error: Some(ProgrammingError::Relative { sigma: PROGRAMMING }),
        ..NonIdealities::default()
    };
    let evaluator = Evaluator::on_chip(&design, &Chip::new(spec).unwrap(), &Options::default()).unwrap();
    let inputs = Signals::from_iter([("x".to_owned(), Matrix::new(8, X.to_vec()))]);
    statistics(evaluator.run(&inputs).unwrap().outputs["y"].values())
}

/// Columns of cells, resistor and op-amp, each value drawn by Box and Muller's transform.
fn deck() -> String {
    let mut next = numbers();
    let mut normal = move || (-2.0 * (1.0 - next()).ln()).sqrt() * (TAU * next()).cos();
    let mut deck = String::from("a thousand columns\n");
    for (k, x) in X.iter().enumerate() {
        writeln!(deck, "V{k} x{k} 0 {x}").unwrap();
    }
    for column in 0..SIMULATED {
        for (k, g) in G.iter().enumerate() {
            let g = g * (1.0 + PROGRAMMING * normal());
            writeln!(deck, "R{column}_{k} x{k} n{column} {:e}", 1.0 / g).unwrap();
        }
        let r_f = R_F * (1.0 + RESISTOR * normal());
        writeln!(deck, "Rf{column} n{column} y{column} {r_f:e}").unwrap();
        writeln!(deck, "Vo{column} p{column} 0 {:e}", OFFSET * normal()).unwrap();
        writeln!(deck, "E{column} y{column} 0 p{column} n{column} {:e}", AMP.gain).unwrap();
    }
    deck.push_str(".control\nop\nset numdgt=12\n");
    (0..SIMULATED).for_each(|column| writeln!(deck, "print v(y{column})").unwrap());
    deck + "quit\n.endc\n.end\n"
}

fn simulated() -> [f64; 2] {
    let text = printed(&deck());
    let value = |line: &str| line.strip_prefix("v(y")?.split_once(" = ")?.1.trim().parse().ok();
    let values: Vec<f64> = text.lines().filter_map(value).collect();
    assert_eq!(values.len(), SIMULATED, "{text}");
    statistics(&values)
}

#[test]
fn a_thousand_columns_have_the_evaluators_mean_and_deviation() {
    let (found, wanted) = (evaluated(), simulated());
    let [mean, deviation] = [found[0] / wanted[0], found[1] / wanted[1]];
    println!("evaluator {found:?} V, ngspice {wanted:?} V: {mean:.4} {deviation:.4}");
    assert!((mean - 1.0).abs() < 0.05 && (deviation - 1.0).abs() < 0.05, "{found:?} {wanted:?}");
    // By hand: each part's deviation by what it moves the output.
    let sum: f64 = G.iter().sum();
    let loop_gain = 1.0 / (1.0 + (1.0 + R_F * sum) / AMP.gain);
    let output: f64 = G.iter().zip(X).map(|(g, x)| R_F * g * x).sum();
    let cells = G.iter().zip(X).map(|(g, x)| (R_F * PROGRAMMING * g * x).powi(2)).sum::<f64>();
    let squares = (OFFSET * (1.0 + R_F * sum)).powi(2) + (RESISTOR * output).powi(2) + cells;
    let by_hand = squares.sqrt() * loop_gain;
    assert!((found[1] / by_hand - 1.0).abs() < 0.03, "{found:?}, by hand {by_hand}");
}
