//! A winner-take-all of MOSFETs (Lazzaro, Ryckebusch, Mahowald, Mead: Winner-take-all networks of O(N) complexity, NIPS
//! 1988): of three currents the largest takes the whole tail current. Transistors are blocks, their model is a file.
//!
//!     cargo run -p memloom-examples --example winner_take_all

use anyhow::Context;
use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

const NCH: Model = Model::spice("nch", concat!(env!("CARGO_MANIFEST_DIR"), "/cells/level1.sp"));
const INPUT: Mosfet = Mosfet::new(NCH, Metres::new(2e-6), Metres::new(1e-6));
const OUTPUT: Mosfet = Mosfet::new(NCH, Metres::new(10e-6), Metres::new(1e-6));
const TAIL: f64 = 20e-6;
const LOAD: f64 = 10e3;

/// Each current flows into an input transistor, whose drain drives the gate of an output transistor. The output transistors
/// share the node `common`, which is the gate of all input transistors.
#[module(supplies(vdd = 1.8 V, vss = 0 V))]
struct WinnerTakeAll {
    #[input]
    i: Bus<Current, 3>,
    #[output]
    y: Bus<Voltage, 3>,
    #[output]
    common: Bus<Voltage>,
    #[inst(d = i, g = [common, common, common], s = vss, b = vss)]
    input: [Mosfet; 3],
    #[inst(d = y, g = i, s = [common, common, common], b = vss)]
    output: [Mosfet; 3],
    #[inst(p = vdd, n = y)]
    load: [Resistor; 3],
    #[inst(p = common, n = vss)]
    tail: CurrentSource,
}

fn winner_take_all() -> Result<Design, BuildError> {
    let (load, tail) = (Resistor(Ohms::new(LOAD)), CurrentSource(Amperes::new(TAIL)));
    elaborate("wta", &WinnerTakeAll { input: [INPUT; 3], output: [OUTPUT; 3], load: [load; 3], tail })
}

const CURRENTS: [[f64; 3]; 3] = [[30e-6, 20e-6, 10e-6], [15e-6, 16e-6, 8e-6], [1e-6, 2e-6, 40e-6]];

fn main() -> anyhow::Result<()> {
    let design = winner_take_all()?;
    let top = design.top.context("an elaborated design has a top")?;
    let vectors = CURRENTS.map(|i| i.to_vec());
    let outputs = memloom_examples::in_ngspice(&design, top, &vectors)?.context("install ngspice")?;
    for (i, y) in CURRENTS.iter().zip(outputs) {
        println!("i = {:?} uA: y = {:.3?} V, common = {:.3} V", i.map(|i| i * 1e6), &y[..3], y[3]);
    }
    Ok(())
}

/// The winner's input transistor is saturated at its current, so `common` is at `V_t + sqrt(2 i / beta)`; its output
/// transistor takes the tail current through its load. Those of the others are off.
#[cfg(test)]
fn by_hand(i: [f64; 3]) -> Vec<f64> {
    const VDD: f64 = 1.8;
    const V_T: f64 = 0.5;
    const BETA: f64 = 200e-6 * 2.0;
    let most = i.iter().copied().fold(0.0, f64::max);
    let y = i.map(|i| if i == most { VDD - LOAD * TAIL } else { VDD });
    [&y[..], &[V_T + (2.0 * most / BETA).sqrt()]].concat()
}

#[test]
fn the_largest_current_takes_the_tail() -> anyhow::Result<()> {
    let design = winner_take_all()?;
    assert_eq!(memloom::erc::check(&design), []);
    let top = design.top.context("a top")?;
    let spice = memloom_examples::in_ngspice(&design, top, &CURRENTS.map(|i| i.to_vec()))?;
    let spice = spice.context("ngspice is not installed")?;
    let by_hand: Vec<_> = CURRENTS.into_iter().map(by_hand).collect();
    let off = memloom_examples::largest_difference(&spice, &by_hand);
    assert!(off < 1e-6, "off by {off} V: {spice:?}, by hand {by_hand:?}");
    Ok(())
}

/// What a transistor does is its model's, which the evaluator does not have.
#[test]
fn the_evaluator_refuses_transistors_by_name() -> anyhow::Result<()> {
    let design = winner_take_all()?;
    let error = memloom_examples::evaluate(&design, &[CURRENTS[0].to_vec()]).expect_err("no law of a MOSFET");
    assert!(error.to_string().starts_with("`input[0]` is `nch` of a netlist file"), "{error}");
    Ok(())
}
