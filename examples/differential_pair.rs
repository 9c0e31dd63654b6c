//! Signed weights from a pair of bitlines: the positive ones on one, the negative ones on the other, and two op-amps
//! that subtract the currents. What both bitlines have in common, such as `g_min`, cancels.
//!
//!     cargo run -p memloom-examples --example differential_pair

use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

/// 3 inputs, 1 output: 3 wordlines by 2 bitlines.
#[crossbar(cell = HfO2, signed = differential)]
struct Weights {
    g: Conductance<3, 1>,
}

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

/// The first TIA turns the current of the negative bitline to a voltage, `r_sum` turns it back into a current of the
/// other sign, and the second TIA takes both: `y = v_ref - r_f (i_p - i_n)`.
#[module]
struct Neuron {
    #[input]
    x: Bus<Voltage, 3>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    i_p: Bus<Current>,
    #[net]
    i_n: Bus<Current>,
    #[net]
    inverse: Bus<Voltage>,
    #[inst(row = x, col_p = i_p, col_n = i_n)]
    xbar: Weights,
    #[inst(inp = i_n, out = inverse)]
    first: Readout,
    #[inst(p = inverse, n = i_p)]
    r_sum: Resistor,
    #[inst(inp = i_p, out = y)]
    second: Readout,
}

const R_F: Ohms = Ohms::new(10e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;
const WEIGHTS: [f64; 3] = [0.8, -0.5, 0.2];
const INPUTS: [[f64; 3]; 3] = [[1.0, 1.0, 1.0], [1.0, 0.0, -1.0], [-0.5, 1.0, 0.25]];

fn neuron() -> Result<Design, BuildError> {
    // The readout inverts, so a weight is a conductance of the other sign.
    let xbar = Weights::program(WEIGHTS.map(|w| [-w / R_F.get()]));
    elaborate("pair", &Neuron { xbar, first: Readout, r_sum: Resistor(R_F), second: Readout })
}

fn vectors() -> Vec<Vec<f64>> {
    INPUTS.iter().map(|input| input.iter().map(|x| V_REF + UNIT * x).collect()).collect()
}

fn main() -> anyhow::Result<()> {
    for (x, y) in INPUTS.iter().zip(memloom_examples::evaluate(&neuron()?, &vectors())?) {
        println!("x = {x:?}: y = {:.4} V, that is {:.4}", y[0], (y[0] - V_REF) / UNIT);
    }
    Ok(())
}

#[test]
fn the_pair_subtracts() -> anyhow::Result<()> {
    // 0.8 - 0.5 + 0.2 = 0.5; 0.8 - 0.2 = 0.6; -0.4 - 0.5 + 0.05 = -0.85; each times 100 mV, about 0.9 V.
    let by_hand = [vec![0.95], vec![0.96], vec![0.815]];
    memloom_examples::confirm(&neuron()?, &vectors(), &by_hand, 2e-4)
}
