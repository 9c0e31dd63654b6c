//! Amplifiers: what is read off their decks' curves.

use super::curve::Curve;
use super::{Missing, Values};
use memloom_sim::external::raw::{Plot, Values as Samples};

/// The virtual ground of all decks, volts.
pub(super) const V_REF: f64 = 0.9;
/// When the sources of all decks step, seconds.
pub(super) const STEP: f64 = 0.1e-6;
/// What an output may be off before it counts as beyond its range, volts.
const BOUND: f64 = 5e-3;

/// Plots: operating point, open loop, noise, follower, transimpedance amplifier of 10 kohm, step of the follower.
pub(super) fn ota(plots: &[Plot]) -> Result<Values, Missing> {
    const R_F: f64 = 10e3;
    let [op, ac, noise, follower, line, step] = take(plots)?;
    let frequency: Vec<f64> = complex(ac, "frequency")?.iter().map(|f| f[0]).collect();
    let loaded = complex(ac, "v(o1)")?;
    let gain = |of: &[[f64; 2]]| of.iter().map(|[re, im]| re.hypot(*im)).collect::<Vec<_>>();
    let phase: Vec<f64> = loaded.iter().map(|[re, im]| im.atan2(*re).to_degrees()).collect();
    let (gains, open) = (gain(loaded), gain(complex(ac, "v(o2)")?));
    let gbw = Curve::new(&frequency, &gains).crossing(1.0, "the loaded gain")?;

    let (input, output) = (follower.voltage("i")?, follower.voltage("o3")?);
    let lag: Vec<f64> = output.iter().zip(input).map(|(out, inp)| out - inp).collect();
    let (input_low, input_high) = Curve::new(input, &lag).within(V_REF, BOUND, "a follower's error")?;

    let current = line.real("i(i-sweep)")?;
    let driven = Curve::new(current, line.voltage("o4")?);
    let rest = driven.at(0.0);
    let off: Vec<f64> = current.iter().zip(driven.y).map(|(i, v)| v - (rest - R_F * i)).collect();
    let (least, most) = Curve::new(current, &off).within(0.0, BOUND, "a transimpedance amplifier's error")?;

    let (time, output) = (step.real("time")?, step.voltage("o3")?);
    // Down by 0.4 V, and up again 0.4 us later.
    let rise = time.partition_point(|t| *t < STEP + 0.4e-6);
    let slew = |time: &[f64], output: &[f64]| {
        let curve = Curve::new(time, output);
        Ok::<_, Missing>(0.2 / (curve.crossing(0.8, "a step")? - curve.crossing(0.6, "a step")?).abs())
    };
    Ok(named([
        ("gain", gains[0]),
        ("gain_unloaded", open[0]),
        ("gbw", gbw),
        ("phase_margin", 180.0 + Curve::new(&frequency, &phase).at(gbw)),
        ("offset", op.voltage("o3")?[0] - V_REF),
        ("swing_low", driven.at(most)),
        ("swing_high", driven.at(least)),
        ("source", -least),
        ("sink", most),
        ("input_low", input_low),
        ("input_high", input_high),
        ("slew_up", slew(&time[rise..], &output[rise..])?),
        ("slew_down", slew(&time[..rise], &output[..rise])?),
        ("noise", noise.voltage("onoise_total")?[0]),
        ("supply_current", op.real("i(vd)")?[0]),
    ]))
}

/// Plots: operating point, every code at -1, 0, 1 uA, the line of code 63, its step.
pub(super) fn tia(plots: &[Plot]) -> Result<Values, Missing> {
    const CODES: usize = 63;
    let [op, codes, line, step] = take(plots)?;
    let (code, output) = (codes.voltage("code")?, codes.voltage("o")?);
    if output.len() != 3 * CODES {
        return Err(Missing::Feature(format!("{} points of {} codes", output.len(), CODES)));
    }
    let unit: Vec<f64> = (0..CODES).map(|n| code[n] * (output[n] - output[n + 2 * CODES]) / 2e-6).collect();
    let mean = unit.iter().sum::<f64>() / CODES as f64;
    let spread = unit.iter().map(|r| (r / mean - 1.0).abs()).fold(0.0, f64::max);
    let curve = Curve::new(line.real("i(i-sweep)")?, line.voltage("o")?);
    let (slope, rest) = curve.line();
    let span = curve.y.iter().copied().fold(0.0, f64::max) - curve.y.iter().copied().fold(f64::MAX, f64::min);
    Ok(named([
        ("r_f_unit", mean),
        ("r_f_spread", spread),
        ("line_error", curve.error(|i| rest + slope * i) / span),
        ("offset", rest - V_REF),
        ("settling", Curve::new(step.real("time")?, step.voltage("o")?).settling(STEP, 1e-3, "its step")?),
        ("supply_current", op.real("i(vd)")?[0]),
    ]))
}

/// Plots: operating point, both rails over the read range, an increasing load, a step.
pub(super) fn row_driver(plots: &[Plot]) -> Result<Values, Missing> {
    let [op, rails, drive, step] = take(plots)?;
    let input = rails.voltage("i")?;
    let (pos, neg) = (Curve::new(input, rails.voltage("p")?), Curve::new(input, rails.voltage("n")?));
    let (load, driven) = (drive.real("i(i-sweep)")?, drive.voltage("p2")?);
    let rest = Curve::new(load, driven).at(0.0);
    let off: Vec<f64> = driven.iter().map(|v| v - rest).collect();
    let (sink, source) = Curve::new(load, &off).within(0.0, BOUND, "a loaded driver's error")?;
    let time = step.real("time")?;
    let settling = |node: &str| Curve::new(time, step.voltage(node)?).settling(STEP, 1e-3, "its step");
    Ok(named([
        ("gain", pos.line().0),
        ("gain_inverted", neg.line().0),
        ("error", pos.error(|v| v)),
        ("error_inverted", neg.error(|v| 2.0 * V_REF - v)),
        ("source", source),
        ("sink", -sink),
        ("settling", settling("p")?.max(settling("n")?)),
        ("supply_current", op.real("i(vd)")?[0]),
    ]))
}

/// Plots: operating point, output over both inputs, a step.
pub(super) fn adder(plots: &[Plot]) -> Result<Values, Missing> {
    let [op, sum, step] = take(plots)?;
    let (a, b) = (sum.voltage("a")?, sum.voltage("b")?);
    let both: Vec<f64> = a.iter().zip(b).map(|(a, b)| a + b - 2.0 * V_REF).collect();
    let curve = Curve::new(&both, sum.voltage("o")?);
    let (gain, rest) = curve.line();
    Ok(named([
        ("gain", gain),
        ("offset", rest - V_REF),
        ("error", curve.error(|sum| V_REF - sum)),
        ("settling", Curve::new(step.real("time")?, step.voltage("o")?).settling(STEP, 1e-3, "its step")?),
        ("supply_current", op.real("i(vd)")?[0]),
    ]))
}

/// Plots: operating point, noise while tracking, a step of the input and the opening of the switch 0.9 us after it.
pub(super) fn sample_hold(plots: &[Plot]) -> Result<Values, Missing> {
    const OPENS: f64 = 1e-6;
    let [op, noise, hold] = take(plots)?;
    let time = hold.real("time")?;
    let track = time.partition_point(|t| *t < OPENS - 10e-9);
    let levels = ["o", "o2", "o3"].map(|node| Ok::<_, Missing>(Curve::new(time, hold.voltage(node)?)));
    let [high, low, middle] = levels;
    let all = [high?, low?, middle?];
    // The follower has settled 1 us after the switch has opened.
    let jumps = all.map(|level| level.at(OPENS + 1e-6) - level.at(OPENS - 10e-9));
    let droops = all.map(|level| (level.at(6e-6) - level.at(2e-6)).abs() / 4e-6);
    let most = |values: [f64; 3]| values.into_iter().map(f64::abs).fold(0.0, f64::max);
    let tracked = Curve::new(&time[..track], &all[0].y[..track]);
    Ok(named([
        ("pedestal", most(jumps)),
        ("pedestal_spread", most(jumps.map(|jump| jump - jumps[2]))),
        ("droop", most(droops)),
        ("settling", tracked.settling(STEP, 1e-3, "what it tracks")?),
        ("noise", noise.voltage("onoise_total")?[0]),
        ("supply_current", op.real("i(vd)")?[0]),
    ]))
}

/// The plots of a deck that writes `N` of one analysis each.
pub(super) fn take<const N: usize>(plots: &[Plot]) -> Result<&[Plot; N], Missing> {
    plots.try_into().map_err(|_| Missing::Feature(format!("{} plots in place of {N}", plots.len())))
}

pub(super) fn named<const N: usize>(values: [(&str, f64); N]) -> Values {
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn complex<'p>(plot: &'p Plot, name: &str) -> Result<&'p [[f64; 2]], Missing> {
    match &plot.vector(name)?.values {
        Samples::Complex(values) => Ok(values),
        Samples::Real(_) => Err(Missing::Feature(format!("`{name}` is real"))),
    }
}
