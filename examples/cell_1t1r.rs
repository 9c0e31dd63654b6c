//! A crossbar of 1T1R cells: at each cross-point stands a subcircuit of one's own, a memristor with its select transistor.
//! The evaluator takes a cell for the conductance it is programmed to; ngspice has the transistor too.
//!
//!     cargo run -p memloom-examples --example cell_1t1r

use anyhow::Context;
use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

/// The cell's text. The select transistor's gate and bulk are supply pins: `sel` opens all cells for a read.
#[subcircuit(
    file = "cells/cell_1t1r.sp", name = "cell_1t1r", ports(p: passive, n: passive),
    supplies(sel = vsel, bulk = vss)
)]
struct CellText;

/// What it does: `i = g v` below 0.2 V. Its parameter `r` gets the inverse of the target.
#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V, subcircuit = CellText)]
struct Cell1T1R;

#[opamp(
    gain = 1_000_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V, supplies(vdd, vss)
)]
struct Ota;

#[tia(r_f = R_F, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[crossbar(cell = Cell1T1R)]
struct Array {
    g: Conductance<2, 1>,
}

/// The rails reach op-amps and cells by themselves.
#[module(supplies(vdd = 1.8 V, vss = 0 V, vsel = 3.3 V))]
struct Column {
    #[input(range = 0.7 V ..= 1.1 V)]
    x: Bus<Voltage, 2>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    i: Bus<Current>,
    #[inst(row = x, col = i)]
    array: Array,
    #[inst(inp = i, out = y)]
    tia: Readout,
}

const R_F: Ohms = Ohms::new(20e3);
const V_REF: f64 = 0.9;
const TARGETS: [f64; 2] = [100e-6, 25e-6];
/// Voltages across the cells.
const READS: [[f64; 2]; 3] = [[0.2, 0.0], [0.0, 0.2], [0.1, 0.15]];

fn column() -> Result<Design, BuildError> {
    elaborate("column", &Column { array: Array::program(TARGETS.map(|g| [g])), tia: Readout })
}

fn vectors() -> Vec<Vec<f64>> {
    READS.iter().map(|v| v.map(|v| V_REF + v).to_vec()).collect()
}

fn main() -> anyhow::Result<()> {
    let design = column()?;
    let top = design.top.context("an elaborated design has a top")?;
    let native = memloom_examples::evaluate(&design, &vectors())?;
    let spice = memloom_examples::in_ngspice(&design, top, &vectors())?.context("install ngspice")?;
    for ((v, native), spice) in READS.iter().zip(native).zip(spice) {
        println!(
            "{v:?} V: {:.5} V by the cells' targets, {:.5} V with their transistors",
            native[0], spice[0]
        );
    }
    Ok(())
}

/// The current of a cell: `(v - u) g` through the memristor is `beta ((v_gs - V_t) u - u^2 / 2)` through the transistor,
/// whose source is the bitline and whose drain is `u` above it.
#[cfg(test)]
fn current(g: f64, v: f64) -> f64 {
    const BETA: f64 = 200e-6 * 10.0 / 0.5;
    const OVERDRIVE: f64 = 3.3 - V_REF - 0.5;
    let b = OVERDRIVE + g / BETA;
    let u = b - (b * b - 2.0 * g * v / BETA).sqrt();
    (v - u) * g
}

#[cfg(test)]
fn by_hand(current: impl Fn(f64, f64) -> f64) -> Vec<Vec<f64>> {
    let sum = |v: &[f64; 2]| TARGETS.iter().zip(v).map(|(g, v)| current(*g, *v)).sum::<f64>();
    READS.iter().map(|v| vec![V_REF - R_F.get() * sum(v)]).collect()
}

#[test]
fn the_evaluator_takes_the_targets_and_ngspice_the_transistors() -> anyhow::Result<()> {
    let design = column()?;
    assert_eq!(memloom::erc::check(&design), []);
    let native = memloom_examples::evaluate(&design, &vectors())?;
    let off = memloom_examples::largest_difference(&native, &by_hand(|g, v| g * v));
    assert!(off < 1e-5, "the evaluator is off by {off} V: {native:?}");

    let top = design.top.context("a top")?;
    let spice =
        memloom_examples::in_ngspice(&design, top, &vectors())?.context("ngspice is not installed")?;
    let off = memloom_examples::largest_difference(&spice, &by_hand(current));
    assert!(off < 1e-5, "ngspice is off by {off} V: {spice:?}");
    // The transistors are seen: 1.3 % of the largest current, 100 uS against 7.6 mS.
    assert!(memloom_examples::largest_difference(&spice, &native) > 1e-3);
    Ok(())
}

/// A subcircuit that is handed over names its rails, and no global node.
#[test]
fn no_subcircuit_has_a_node_0() -> anyhow::Result<()> {
    let mut text = Vec::new();
    memloom_codegen::write_netlist(&memloom_codegen::Ngspice, &column()?, "", &mut text)?;
    let text = String::from_utf8(text)?;
    let cards = text.lines().filter(|line| !line.starts_with(['*', '.', '+']));
    for card in cards {
        // A source's value may be 0.
        let nodes =
            card.split_whitespace().skip(1).take(if card.starts_with(['I', 'R', 'C']) { 2 } else { 4 });
        assert!(nodes.filter(|node| *node == "0").count() == 0, "{card}");
    }
    assert!(text.contains(".subckt Ota inp inn out vdd vss"), "{text}");
    assert!(text.contains("X0_0 row_0 col sel bulk cell_1t1r r="), "{text}");
    Ok(())
}
