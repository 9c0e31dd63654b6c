//! An activation of one's own, tanh, by its SPICE body and its function, in a layer that runs in ngspice. The second
//! program of `docs/guide.md`.
//!
//!     cargo run -p memloom-examples --example own_activation

use anyhow::Context;
use memloom::erc;
use memloom::ir::Design;
use memloom::prelude::*;
use memloom_codegen::{Circuit, Ngspice, dc_deck};
use memloom_sim::external::{self, Limits};
use memloom_sim::native::{Options, evaluate_module};

/// HfO2 filamentary cell, ohmic below 0.2 V.
#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

/// 2 inputs, 1 output; a negative weight stands on the wordline that mirrors its input.
#[crossbar(cell = HfO2, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
struct Weights {
    g: Conductance<2, 1>,
}

/// tanh(x), with 1.0 drawn as 100 mV about v_ref.
#[activation(
    unit = 100 mV,
    v_ref = 0.9 V,
    spice = "Bout out 0 V = v(v_ref) + {unit_out}*tanh((v(inp) - v(v_ref))/{unit_in})",
    native = f64::tanh
)]
struct Tanh;

/// `y = tanh(w x)`.
#[module]
struct Neuron {
    #[input]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    i: Bus<Current>,
    #[net]
    v: Bus<Voltage>,
    #[inst(row = x, col = i)]
    xbar: Weights,
    #[inst(inp = i, out = v)]
    tia: Readout,
    #[inst(inp = v, out = y)]
    act: Tanh,
}

const R_F: Ohms = Ohms::new(10e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;
const WEIGHTS: [f64; 2] = [0.8, -0.5];
const INPUTS: [[f64; 2]; 3] = [[1.0, 0.0], [0.0, 1.0], [1.0, -1.0]];

fn neuron(weights: [f64; 2]) -> anyhow::Result<Design> {
    // The readout inverts, so a weight is a conductance of the other sign; `r_f` makes 1.0 of 100 uS.
    let siemens = weights.map(|w| [-w / R_F.get()]);
    let neuron = Neuron { xbar: Weights::program(siemens), tia: Readout, act: Tanh };
    Ok(elaborate("neuron", &neuron)?)
}

fn report() -> anyhow::Result<String> {
    let design = neuron(WEIGHTS)?;
    let top = design.top.context("a design that was elaborated has a top")?;
    for finding in erc::check(&design) {
        eprintln!("{finding}");
    }
    let vectors = INPUTS.map(|x| x.map(|x| V_REF + UNIT * x).to_vec());
    let native = evaluate_module(&design, top, &Options::default(), &vectors)?;

    let deck = dc_deck(&Ngspice, &design, top, &vectors, Circuit::Embedded)?;
    let engine = external::Ngspice::find()?;
    let folder = tempfile::tempdir()?;
    let spice = external::check::outputs(&engine, &deck, vectors.len(), folder.path(), &Limits::default())?;

    let mut text = String::from("      x       native  ngspice\n");
    for ((x, native), spice) in INPUTS.iter().zip(native).zip(spice) {
        text += &format!("{x:4?}  {:7.4}  {:7.4}\n", (native[0] - V_REF) / UNIT, (spice[0] - V_REF) / UNIT);
    }
    Ok(text)
}

fn main() -> anyhow::Result<()> {
    print!("{}", report()?);
    Ok(())
}

#[test]
fn tanh_of_the_weighted_sum() -> anyhow::Result<()> {
    // tanh(0.8) = 0.66404, tanh(-0.5) = -0.46212, tanh(1.3) = 0.86172.
    let by_hand = [0.66404, -0.46212, 0.86172].map(|y| vec![V_REF + UNIT * y]);
    let vectors = INPUTS.map(|x| x.map(|x| V_REF + UNIT * x).to_vec());
    memloom_examples::confirm(&neuron(WEIGHTS)?, &vectors, &by_hand, 1e-4)
}

#[test]
fn a_weight_too_heavy_is_found_as_the_guide_says() -> anyhow::Result<()> {
    let findings = erc::check(&neuron([2.0, -0.5])?);
    assert_eq!(findings.len(), 1);
    let text = format!("```text\n{}\n```", findings[0]);
    assert!(include_str!("../docs/guide.md").contains(&text), "{text}");
    Ok(())
}

#[test]
fn the_output_is_the_guides() -> anyhow::Result<()> {
    if external::Ngspice::find().is_ok() {
        let text = format!("```text\n{}```", report()?);
        assert!(include_str!("../docs/guide.md").contains(&text), "{text}");
    }
    Ok(())
}
