//! The head of a network (Fig. 5 of the paper): global average pooling, `H W` equal devices per channel, then a fully
//! connected layer on + and - rails with a bias row.
//!
//!     cargo run -p memloom-examples --example pool_and_classify

use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

/// 16 devices of 1/16 each: `i = sum v / 16 r_f`.
#[crossbar(cell = HfO2)]
struct Mean {
    g: Conductance<16, 1>,
}

/// One channel of 4 x 4 pixels to minus its mean.
#[module]
struct Pool {
    #[input]
    pixel: Bus<Voltage, 16>,
    #[output]
    y: Bus<Voltage>,
    #[net]
    i: Bus<Current>,
    #[inst(row = pixel, col = i)]
    xbar: Mean,
    #[inst(inp = i, out = y)]
    tia: Readout,
}

/// A channel's weights, or the biases.
#[crossbar(cell = HfO2, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
struct Weights {
    g: Conductance<1, 3>,
}

/// Two channels, three classes. The currents of both channels and of the bias row meet on one net.
#[module]
struct Head {
    #[input]
    left: Bus<Voltage, 16>,
    #[input]
    right: Bus<Voltage, 16>,
    #[output]
    score: Bus<Voltage, 3>,
    #[net]
    left_mean: Bus<Voltage>,
    #[net]
    right_mean: Bus<Voltage>,
    #[net]
    i: Bus<Current, 3>,
    #[inst(pixel = left, y = left_mean)]
    left_pool: Pool,
    #[inst(pixel = right, y = right_mean)]
    right_pool: Pool,
    #[inst(row = left_mean, col = i)]
    left_weights: Weights,
    #[inst(row = right_mean, col = i)]
    right_weights: Weights,
    #[inst(row = 1.0 V, col = i)]
    bias: Weights,
    #[inst(inp = i, out = score)]
    tia: [Readout; 3],
}

const R_F: Ohms = Ohms::new(10e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;
const WEIGHTS: [[f64; 3]; 2] = [[0.8, -0.4, 0.1], [-0.6, 0.9, 0.3]];
const BIAS: [f64; 3] = [0.1, -0.2, 0.5];

fn head() -> Result<Design, BuildError> {
    let pool = || Pool { xbar: Mean::program([[1.0 / 16.0 / R_F.get()]; 16]), tia: Readout };
    // Pooling inverts and so does the readout: weights keep their sign. The bias is inverted once.
    let row = |weights: [f64; 3], sign: f64| Weights::program([weights.map(|w| sign * w / R_F.get())]);
    let head = Head {
        left_pool: pool(),
        right_pool: pool(),
        left_weights: row(WEIGHTS[0], 1.0),
        right_weights: row(WEIGHTS[1], 1.0),
        bias: row(BIAS, -1.0),
        tia: [Readout; 3],
    };
    elaborate("head", &head)
}

/// A ramp whose mean is 0.5, and a frame that is 0.25 everywhere. Volts.
fn frames() -> Vec<f64> {
    let ramp = (0..16).map(|k| f64::from(k) / 15.0);
    ramp.chain([0.25; 16]).map(|x| V_REF + UNIT * x).collect()
}

fn main() -> anyhow::Result<()> {
    let scores = memloom_examples::evaluate(&head()?, &[frames()])?.concat();
    for (class, volts) in scores.iter().enumerate() {
        println!("class {class}: {volts:.4} V, that is {:.4}", (volts - V_REF) / UNIT);
    }
    Ok(())
}

#[test]
fn means_times_weights_plus_bias() -> anyhow::Result<()> {
    // 0.5 x 0.8 - 0.25 x 0.6 + 0.1 = 0.35; -0.2 + 0.225 - 0.2 = -0.175; 0.05 + 0.075 + 0.5 = 0.625.
    let by_hand = vec![V_REF + UNIT * 0.35, V_REF - UNIT * 0.175, V_REF + UNIT * 0.625];
    memloom_examples::confirm(&head()?, &[frames()], &[by_hand], 2e-4)
}
