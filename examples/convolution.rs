//! A 3 x 3 convolution on an 8 x 8 image, unrolled in space (Fig. 2 of the paper): a wordline per pixel on a + and a
//! - rail, a bitline per output pixel, all outputs at once. Pixels on the padding are zero and have no wordline.
//!
//! `conv_bn` computes the same layer in time: nine wordlines, one window after another.
//!
//!     cargo run -p memloom-examples --example convolution

use anyhow::Context;
use memloom::ir::{BuildError, Design};
use memloom::prelude::*;

#[memristor(g_min = 1 uS, g_max = 100 uS, v_read = 0.2 V)]
struct HfO2;

#[opamp(gain = 10_000, gbw = 10 MHz, slew = 10 V/us, swing = 0.1 V ..= 1.7 V)]
struct Ota;

#[crossbar(cell = HfO2, signed = dual_rail, opamp = Ota, v_ref = 0.9 V)]
struct Unrolled {
    g: Conductance<64, 64>,
}

#[tia(r_f = R_F, c_f = 1 pF, v_ref = 0.9 V, opamp = Ota)]
struct Readout;

#[module]
struct Convolution {
    #[input]
    pixel: Bus<Voltage, 64>,
    #[output]
    y: Bus<Voltage, 64>,
    #[net]
    i: Bus<Current, 64>,
    #[inst(row = pixel, col = i)]
    xbar: Unrolled,
    #[inst(inp = i, out = y)]
    tia: [Readout; 64],
}

const SIDE: usize = 8;
const R_F: Ohms = Ohms::new(10e3);
const V_REF: f64 = 0.9;
const UNIT: f64 = 0.1;
/// Finds what is brighter than its neighbours above and left.
const KERNEL: [[f64; 3]; 3] = [[-0.25, -0.25, 0.0], [-0.25, 0.75, 0.0], [0.0, 0.0, 0.0]];

/// The weight from pixel `from` to output `to`: the kernel's tap between them, zero beyond its edge.
fn weight(from: usize, to: usize) -> f64 {
    let tap = |from: usize, to: usize| (from + 1).checked_sub(to).filter(|tap| *tap < 3);
    let (y, x) = (tap(from / SIDE, to / SIDE), tap(from % SIDE, to % SIDE));
    y.zip(x).map_or(0.0, |(y, x)| KERNEL[y][x])
}

fn convolution() -> Result<Design, BuildError> {
    let xbar = Unrolled { g: Conductance::from_fn(|from, to| -weight(from, to) / R_F.get()) };
    elaborate("convolution", &Convolution { xbar, tia: [Readout; 64] })
}

/// A bright square, rows and columns 2 to 5, on a dark ground.
fn image() -> [[f64; SIDE]; SIDE] {
    let mut image = [[0.0; SIDE]; SIDE];
    image[2..6].iter_mut().for_each(|row| row[2..6].fill(1.0));
    image
}

fn volts(image: &[[f64; SIDE]; SIDE]) -> Vec<f64> {
    image.iter().flatten().map(|x| V_REF + UNIT * x).collect()
}

fn main() -> anyhow::Result<()> {
    let design = convolution()?;
    let parts = design.inventory(design.top.context("the design has a top")?);
    println!("{} memristors, {} op-amps", parts.memristors, parts.op_amps);
    for row in memloom_examples::evaluate(&design, &[volts(&image())])?.concat().chunks(SIDE) {
        let row: Vec<String> = row.iter().map(|v| format!("{:5.2}", (v - V_REF) / UNIT)).collect();
        println!("{}", row.join(" "));
    }
    Ok(())
}

#[test]
fn the_corner_of_a_square_stands_out() -> anyhow::Result<()> {
    // By hand. Each output is 3/4 of its pixel less 1/4 of those above, left and above left: 3/4 on the corner,
    // 1/4 along the upper and left edges, nothing inside, and below zero where the square has just ended.
    let mut y = [[0.0; SIDE]; SIDE];
    y[2][2..7].copy_from_slice(&[0.75, 0.5, 0.5, 0.5, -0.25]);
    for row in &mut y[3..6] {
        row[2..7].copy_from_slice(&[0.5, 0.0, 0.0, 0.0, -0.5]);
    }
    y[6][2..7].copy_from_slice(&[-0.25, -0.5, -0.5, -0.5, -0.25]);
    memloom_examples::confirm(&convolution()?, &[volts(&image())], &[volts(&y)], 2e-4)
}

#[test]
fn a_device_per_tap_inside_the_image() -> anyhow::Result<()> {
    let design = convolution()?;
    let parts = design.inventory(design.top.context("a top")?);
    // 64 centres, 56 above, 56 left, 49 above left; a driver of two op-amps per pixel and a readout per output.
    assert_eq!((parts.memristors, parts.op_amps), (225, 192));
    Ok(())
}
