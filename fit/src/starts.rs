//! Where to begin: values drawn so that they suit the data's voltages, currents and times.

use crate::Measurement;
use crate::axis::{Axis, Moves, place};
use memloom_devices::{Device, Dimension};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Key of the draws; the same data give the same fit.
const SEED: u64 = 0x006d_656d_6c6f_6f6d;

/// What the data say of sizes.
pub(crate) struct Sizes {
    volts: f64,
    amperes: f64,
    /// Chord resistances that a twentieth of the points are below, and above, ohm.
    ohms: (f64, f64),
}

impl Sizes {
    pub(crate) fn of(data: &Measurement) -> Self {
        let most = |values: &[f64]| values.iter().fold(0.0f64, |most, x| most.max(x.abs()));
        let (volts, amperes) = (most(&data.volts), most(&data.current));
        let pairs = data.volts.iter().zip(&data.current);
        let strong = pairs.filter(|(v, i)| v.abs() > 0.2 * volts && i.abs() > 0.0);
        let mut ohms: Vec<f64> = strong.map(|(v, i)| (v / i).abs()).collect();
        ohms.sort_by(f64::total_cmp);
        let ends = match ohms.len() {
            0 => (volts / amperes, volts / amperes),
            n => (ohms[n / 20], ohms[n - 1 - n / 20]),
        };
        Self { volts, amperes, ohms: ends }
    }
}

/// The `index`-th place to begin, in natural coordinates: the device as it is, then draws around it.
pub(crate) fn draw(
    device: &Device,
    axes: &[Axis],
    data: &Measurement,
    sizes: &Sizes,
    index: u64,
) -> Vec<f64> {
    let start = device.initial();
    let mut at: Vec<f64> = axes.iter().map(|axis| axis.natural(axis.of(device, &start))).collect();
    if index == 0 {
        return at;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    rng.set_stream(index);
    for (q, axis) in at.iter_mut().zip(axes) {
        let value = axis.value(*q);
        *q = axis.natural(guess(axis, value, sizes, &mut rng).clamp(axis.range.0, axis.range.1));
    }
    pace(device, axes, data, &mut at, &mut rng);
    at
}

fn guess(axis: &Axis, value: f64, sizes: &Sizes, rng: &mut ChaCha8Rng) -> f64 {
    let sign = value.signum();
    let (part, anywhere) = (rng.random::<f64>(), rng.random::<bool>());
    let between = |low: f64, high: f64| (low.ln() + (high / low).ln() * part).exp();
    match axis.dimension {
        Dimension::Resistance => between(sizes.ohms.0 / 3.0, sizes.ohms.1 * 3.0),
        Dimension::Conductance => 1.0 / between(sizes.ohms.0 / 3.0, sizes.ohms.1 * 3.0),
        Dimension::Current => sign * between(1e-3 * sizes.amperes, 10.0 * sizes.amperes),
        Dimension::Voltage => sign * between(0.03 * sizes.volts, sizes.volts),
        Dimension::InverseVoltage => sign * between(0.03 / sizes.volts, 10.0 / sizes.volts),
        Dimension::Speed | Dimension::Rate | Dimension::Mobility => value * between(1e-3, 1e3),
        _ if axis.moves == Moves::Start || (axis.dimension == Dimension::Number && anywhere) => {
            let (low, high) = axis.ends();
            axis.value(low + (high - low) * part)
        }
        _ => value * between(0.7, 1.4),
    }
}

/// Scales the rates that are proportional to a parameter so that the state would cross its range once to a hundred times
/// within the data, up and down.
fn pace(device: &Device, axes: &[Axis], data: &Measurement, at: &mut [f64], rng: &mut ChaCha8Rng) {
    for k in 0..axes.len() {
        if !matches!(axes[k].dimension, Dimension::Speed | Dimension::Rate | Dimension::Mobility) {
            continue;
        }
        let Some(before) = crossings(device, axes, data, at) else { return };
        let twice = axes[k].natural((2.0 * axes[k].value(at[k])).clamp(axes[k].range.0, axes[k].range.1));
        let mut doubled = at.to_vec();
        doubled[k] = twice;
        let Some(after) = crossings(device, axes, data, &doubled) else { return };
        let wanted = 100f64.powf(rng.random());
        let moved = (0..2).find(|way| after[*way] > 1.5 * before[*way]);
        if let Some(way) = moved {
            let scaled = axes[k].value(at[k]) * wanted / before[way];
            at[k] = axes[k].natural(scaled.clamp(axes[k].range.0, axes[k].range.1));
        }
    }
}

/// How often the state would cross its range, upwards and downwards, at its rates in the middle.
fn crossings(device: &Device, axes: &[Axis], data: &Measurement, at: &[f64]) -> Option<[f64; 2]> {
    let (device, start) = place(device, axes, at)?;
    let (low, high) = device.bounds()[0];
    let (low, high) = (low.max(-30.0), high.min(30.0));
    let (mut state, mut ways) = (start, [0.0; 2]);
    state[0] = 0.5 * (low + high);
    let mut dx = vec![0.0; state.len()];
    for (t, v) in data.time.windows(2).zip(&data.volts) {
        device.rate(*v, &state, &mut dx);
        ways[usize::from(dx[0] < 0.0)] += dx[0].abs() * (t[1] - t[0]) / (high - low);
    }
    ways.iter().all(|way| way.is_finite()).then_some(ways)
}
