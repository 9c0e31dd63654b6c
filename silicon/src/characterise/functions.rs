//! Activations and the multiplier: what is read off their decks' curves, beside what they are to compute.

use super::amplifiers::{STEP, V_REF, named, take};
use super::curve::Curve;
use super::{Missing, Values};
use memloom_functions::{Activation, HARD_SIGMOID, HARD_SWISH, RELU};
use memloom_sim::external::raw::Plot;

/// 1.0 at the input of all activations, volts.
const UNIT: f64 = 0.05;
/// 1.0 at the output of the hard sigmoid, volts.
const SIGMOID_UNIT: f64 = 0.3;

pub(super) fn relu(plots: &[Plot]) -> Result<Values, Missing> {
    activation(plots, RELU, UNIT)
}

pub(super) fn hard_sigmoid(plots: &[Plot]) -> Result<Values, Missing> {
    activation(plots, HARD_SIGMOID, SIGMOID_UNIT)
}

pub(super) fn hard_swish(plots: &[Plot]) -> Result<Values, Missing> {
    activation(plots, HARD_SWISH, UNIT)
}

/// Plots: operating point, output over -4 to 4 units, a step between them. Errors are parts of the span that the function
/// has there.
fn activation(plots: &[Plot], function: Activation, unit_out: f64) -> Result<Values, Missing> {
    let [op, curve, step] = take(plots)?;
    let wanted = |v: f64| V_REF + unit_out * function.at((v - V_REF) / UNIT);
    let curve = Curve::new(curve.voltage("i")?, curve.voltage("o")?);
    let ideal: Vec<f64> = curve.x.iter().map(|v| wanted(*v)).collect();
    let (low, high) = ideal.iter().fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(*v), high.max(*v)));
    let off: Vec<f64> = curve.y.iter().zip(&ideal).map(|(v, wanted)| (v - wanted) / (high - low)).collect();
    let mean = off.iter().sum::<f64>() / off.len() as f64;
    Ok(named([
        ("unit_in", UNIT),
        ("unit_out", unit_out),
        ("error", off.iter().copied().map(f64::abs).fold(0.0, f64::max)),
        ("error_mean", mean),
        ("settling", Curve::new(step.real("time")?, step.voltage("o")?).settling(STEP, 1e-2, "its step")?),
        ("supply_current", op.real("i(vd)")?[0]),
    ]))
}

/// Plots: operating point, output over both inputs, a step of `a`. The gain is that of least squares, errors are parts of the
/// largest product.
pub(super) fn multiplier(plots: &[Plot]) -> Result<Values, Missing> {
    let [op, product, step] = take(plots)?;
    let (a, b) = (product.voltage("a")?, product.voltage("b")?);
    let products: Vec<f64> = a.iter().zip(b).map(|(a, b)| (a - V_REF) * (b - V_REF)).collect();
    let curve = Curve::new(&products, product.voltage("o")?);
    let (gain, rest) = curve.line();
    let largest = products.iter().map(|p| (p * gain).abs()).fold(0.0, f64::max);
    Ok(named([
        ("gain", gain),
        ("offset", rest - V_REF),
        ("error", curve.error(|p| rest + gain * p) / largest),
        ("settling", Curve::new(step.real("time")?, step.voltage("o")?).settling(STEP, 1e-2, "its step")?),
        ("supply_current", op.real("i(vd)")?[0]),
    ]))
}
