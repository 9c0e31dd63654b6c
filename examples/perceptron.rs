//! A multilayer perceptron of any shape, built in a loop over its layers. Nets carry their nature in the type, so a
//! readout cannot be forgotten; their width comes with the data and is checked when the module is built.
//!
//!     cargo run -p memloom-examples --example perceptron

use memloom::blocks;
use memloom::ir::{ABSENT, BuildError, Crossbar, Design, Element};
use memloom::ports;
use memloom::prelude::*;
use memloom::signal::Signal;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[activation(relu, unit = 100 mV, v_ref = 0.9 V)]
struct Relu;

const R_F: Ohms = Ohms::new(10e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;

/// Weights of a layer, `[output][input]`.
type Weights = Vec<Vec<f64>>;

/// `relu(W .. relu(W x))`. A crossbar has two bitlines per output, weights above zero on the first; two readouts and a
/// resistor subtract their currents.
fn perceptron(layers: &[Weights]) -> Result<Design, BuildError> {
    let mut design = Design::new("perceptron");
    let cell = blocks::cell(&mut design, &HfO2::cell())?;
    let mut m = design.module("Perceptron");
    let inputs = layers.first().and_then(|w| w.first()).map_or(0, Vec::len);
    let mut x: Signal<Voltage> = m.input_bus("x", inputs as u32);
    // Where the inputs lie: the rule check follows it to every cell and amplifier.
    m.range(&x, V_REF - UNIT, V_REF + UNIT);
    for (layer, weights) in layers.iter().enumerate() {
        let width = weights.len() as u32;
        let i = m.bus::<Current>(format!("i_{layer}"), 2 * width);
        let (plus, minus) = (i.slice(0..width), i.slice(width..2 * width));
        let rows = weights.first().map_or(0, Vec::len) as u32;
        let array = Crossbar::new(rows, 2 * width, cell, 0.0, conductances(weights));
        m.instance(format!("xbar_{layer}"), Element::Crossbar(array)).pin("row", &x).pin("col", &i).add();

        let inverse = m.bus::<Voltage>(format!("inverse_{layer}"), width);
        let sum = m.bus::<Voltage>(format!("sum_{layer}"), width);
        let first = ports::Tia { inp: plus.pin(), out: inverse.pin() };
        m.place_array(format!("first_{layer}"), &Readout, width, first);
        let subtract = ports::Passive { p: inverse.pin(), n: minus.pin() };
        m.place_array(format!("r_{layer}"), &Resistor(R_F), width, subtract);
        let second = ports::Tia { inp: minus.pin(), out: sum.pin() };
        m.place_array(format!("second_{layer}"), &Readout, width, second);

        let is_last = layer + 1 == layers.len();
        let y = if is_last { m.output_bus("y", width) } else { m.bus(format!("x_{}", layer + 1), width) };
        let act = ports::Activation { inp: sum.pin(), out: y.pin() };
        m.place_array(format!("act_{layer}"), &Relu, width, act);
        x = y;
    }
    design.top = Some(m.finish()?);
    Ok(design)
}

/// Row by row, the bitlines of weights above zero, then those of weights below; siemens.
fn conductances(weights: &Weights) -> Vec<f32> {
    let inputs = weights.first().map_or(0, Vec::len);
    let cell = |w: f64| if w > 0.0 { (w / R_F.get()) as f32 } else { ABSENT };
    let row = |input: usize| {
        let signed =
            [1.0, -1.0].into_iter().flat_map(move |sign| weights.iter().map(move |w| sign * w[input]));
        signed.map(cell)
    };
    (0..inputs).flat_map(row).collect()
}

/// Exclusive or: `relu(relu(a - b) + relu(b - a))`.
fn exclusive_or() -> Vec<Weights> {
    vec![vec![vec![1.0, -1.0], vec![-1.0, 1.0]], vec![vec![1.0, 1.0]]]
}

fn volts(x: &[f64]) -> Vec<f64> {
    x.iter().map(|x| V_REF + UNIT * x).collect()
}

fn main() -> anyhow::Result<()> {
    let inputs = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
    let vectors: Vec<_> = inputs.iter().map(|x| volts(x)).collect();
    let design = perceptron(&exclusive_or())?;
    for (x, y) in inputs.iter().zip(memloom_examples::evaluate(&design, &vectors)?) {
        println!("{} xor {} = {:.4}", x[0], x[1], (y[0] - V_REF) / UNIT);
    }
    Ok(())
}

#[test]
fn exclusive_or_in_two_layers() -> anyhow::Result<()> {
    let vectors = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]].map(|x| volts(&x));
    let by_hand = [0.0, 1.0, 1.0, 0.0].map(|y| volts(&[y]));
    memloom_examples::confirm(&perceptron(&exclusive_or())?, &vectors, &by_hand, 5e-4)
}

#[test]
fn any_number_of_layers() -> anyhow::Result<()> {
    // Halves: 4 inputs to 3, 3, 2 and 1. Each layer sums its inputs and halves: 4 x 1/2 = 2 -> 3 -> 4.5 -> 4.5.
    let layer = |inputs: usize, outputs: usize, w: f64| vec![vec![w; inputs]; outputs];
    let layers = [layer(4, 3, 0.25), layer(3, 3, 0.5), layer(3, 2, 0.25), layer(2, 1, 0.5)];
    // 4 x 1/4 x 0.8 = 0.8; 3 x 1/2 x 0.8 = 1.2; 3 x 1/4 x 1.2 = 0.9; 2 x 1/2 x 0.9 = 0.9.
    memloom_examples::confirm(&perceptron(&layers)?, &[volts(&[0.8; 4])], &[volts(&[0.9])], 5e-4)
}

#[test]
fn a_layer_of_the_wrong_width_is_refused() {
    let layers = vec![vec![vec![1.0, 1.0]], vec![vec![1.0, 1.0]]];
    let error = perceptron(&layers).expect_err("one output into two inputs").to_string();
    let expected = "pin `row` of `Perceptron.xbar_1` has 2 wires, its connection 1; give it as many";
    assert!(error.ends_with(expected), "{error}");
}
