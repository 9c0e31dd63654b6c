//! The batch-norm stage of the memristor MobileNetV3 (Fig. 3 of the paper), one channel: a subtractor of two unit
//! devices and an op-amp, then one device of `|gamma| / sqrt(var + eps)` and one bias device to the rail of beta's sign.
//!
//! Both op-amps invert, so a channel with gamma >= 0 is fed `(x, -mean)`, one with gamma < 0 `(-x, mean)`.
//!
//!     cargo run -p memloom-examples --example batch_norm

use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

/// One memristor.
#[crossbar(cell = HfO2)]
struct Device {
    g: Conductance<1, 1>,
}

/// `y = -(scale (-(x + mean)) + bias)`, all about 0.9 V in units of 100 mV; `x` and `mean` come with their signs.
#[module]
struct BatchNorm {
    #[input]
    x: Bus<Voltage>,
    #[input]
    mean: Bus<Voltage>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    difference: Bus<Current>,
    #[net]
    centred: Bus<Voltage>,
    #[net]
    scaled: Bus<Current>,
    #[inst(row = x, col = difference)]
    unit_x: Device,
    #[inst(row = mean, col = difference)]
    unit_mean: Device,
    #[inst(inp = difference, out = centred)]
    subtractor: Readout,
    #[inst(row = centred, col = scaled)]
    gamma: Device,
    // The rail of -1.0 raises the output, that of +1.0 lowers it: the readout inverts.
    #[inst(row = 0.8 V, col = scaled)]
    beta_above: Device,
    #[inst(row = 1.0 V, col = scaled)]
    beta_below: Device,
    #[inst(inp = scaled, out = y)]
    readout: Readout,
}

const R_F: Ohms = Ohms::new(20e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;
const EPSILON: f64 = 1e-5;
const MEAN: f64 = 0.3;
const VARIANCE: f64 = 0.64;
/// gamma and beta, of both signs.
const CHANNELS: [(f64, f64); 4] = [(0.6, 0.5), (0.6, -0.5), (-1.2, 0.25), (-1.2, -0.25)];
const INPUTS: [f64; 4] = [-0.5, 0.0, 0.3, 1.0];

fn stage(gamma: f64, beta: f64) -> Result<Design, BuildError> {
    // A weight of 1.0 is as large as the feedback; no weight is no device.
    let device = |weight: f64| Device::program([[weight / R_F.get()]]);
    let stage = BatchNorm {
        unit_x: device(1.0),
        unit_mean: device(1.0),
        subtractor: Readout,
        gamma: device(gamma.abs() / (VARIANCE + EPSILON).sqrt()),
        beta_above: device(beta.max(0.0)),
        beta_below: device((-beta).max(0.0)),
        readout: Readout,
    };
    elaborate("batch_norm", &stage)
}

/// The inputs' rails: `(x, -mean)`, or `(-x, mean)` for a gamma below zero. Volts.
fn vectors(gamma: f64) -> Vec<Vec<f64>> {
    let sign = if gamma < 0.0 { -1.0 } else { 1.0 };
    INPUTS.iter().map(|x| vec![V_REF + UNIT * sign * x, V_REF - UNIT * sign * MEAN]).collect()
}

fn main() -> anyhow::Result<()> {
    for (gamma, beta) in CHANNELS {
        let outputs = memloom_examples::evaluate(&stage(gamma, beta)?, &vectors(gamma))?;
        let y: Vec<String> = outputs.iter().map(|v| format!("{:7.4}", (v[0] - V_REF) / UNIT)).collect();
        println!("gamma = {gamma:4}, beta = {beta:5}: y({INPUTS:?}) = {}", y.join(" "));
    }
    Ok(())
}

#[test]
fn every_sign_of_gamma_and_beta() -> anyhow::Result<()> {
    for (gamma, beta) in CHANNELS {
        let normal = |x: f64| (x - MEAN) / (VARIANCE + EPSILON).sqrt();
        let by_hand: Vec<_> =
            INPUTS.iter().map(|x| vec![V_REF + UNIT * (gamma * normal(*x) + beta)]).collect();
        memloom_examples::confirm(&stage(gamma, beta)?, &vectors(gamma), &by_hand, 2e-4)?;
    }
    // One by hand to the end: (1.0 - 0.3) / 0.8 = 0.875, times 0.6 is 0.525, plus 0.5 is 1.025, drawn at 1.0025 V.
    memloom_examples::confirm(&stage(0.6, 0.5)?, &vectors(0.6)[3..], &[vec![1.0025]], 2e-4)
}
