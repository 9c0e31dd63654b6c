//! Values of the physical models: Simmons, Stanford, ASU and SkyWater, metastable switch, JART. Those that are integrated
//! were computed apart from the published equations, without this library's zones, by implicit methods at 1e-9.

use crate::golden::{close, current, response};
use crate::wave::Wave;
use memloom::device::{Asu, Jart, Mms, Model, Simmons, Stanford};
use memloom_sim::device::Trace;

/// `volts` for `seconds`, `points` straight lines.
fn constant(volts: f64, seconds: f64, points: usize) -> Wave {
    (0..=points).map(|k| (seconds * k as f64 / points as f64, volts)).collect()
}

/// Under `volts` for `seconds` the first state goes from the first of `start` to `end`.
#[track_caller]
fn moves(device: impl Into<memloom::device::Device>, start: &[f64], volts: f64, seconds: f64, end: f64) {
    response(device, start, &constant(volts, seconds, 1), seconds / 1e3, |who, trace| {
        close(trace.states[1][0], end, 1e-3, &format!("{who} at {volts} V"));
    });
}

/// Pickett's device between its extremes: `v = v_g + i r_s` solved by bisection at 30 digits.
#[test]
fn simmons_conducts_as_published() {
    for (w, ohms, amperes) in [
        (1.2, 3157.210224297, 1.217304090408e-3),
        (1.5, 46186.61685193, 4.414872445293e-4),
        (1.8, 796485.2865268, 1.018806912198e-4),
    ] {
        current(Simmons::PICKETT, &[w], 0.1, 0.1 / ohms);
        current(Simmons::PICKETT, &[w], -0.1, -0.1 / ohms);
        current(Simmons::PICKETT, &[w], 1.0, amperes);
    }
}

#[test]
fn simmons_widens_as_published() {
    moves(Simmons::PICKETT, &[1.25], 1.0, 1e-3, 1.29268591);
    moves(Simmons::PICKETT, &[1.25], 1.0, 1e-2, 1.34478952);
}

#[test]
fn stanford_conducts_and_moves_as_published() {
    current(Stanford::V1, &[0.2], 0.1, 0.1 / 541.8206517);
    current(Stanford::V1, &[1.7], 0.1, 0.1 / 218586.0518);
    moves(Stanford::V1, &[0.5], -1.3, 1e-7, 1.07587001);
    moves(Stanford::V1, &[1.5], 1.3, 1e-7, 1.448272);
    moves(Stanford::V1, &[1.5], 1.5, 1e-8, 1.45420165);
}

#[test]
fn asu_conducts_as_published() {
    for (set, gap, ohms) in [
        (Asu::ASU, 0.1, 9983.641929),
        (Asu::ASU, 1.7, 3354547.295),
        (Asu::SKY130, 0.1, 9982.982236),
        (Asu::SKY130, 1.7, 3350781.066),
    ] {
        current(set, &[gap, 0.0], 0.1, 0.1 / ohms);
    }
}

/// SkyWater's cell at 2 V from 1.7 nm passes 0.5 nm after 6.0038 us: a step of the drive, at 300 K, by an implicit method of order 5;
/// the released model's own method, an Euler step of 1 ns, gives 6.012 us. At 1.5 V it does not within 10 us.
#[test]
fn sky130_closes_in_time() {
    let open = Asu::SKY130.initial();
    let closing = constant(2.0, 7e-6, 700);
    response(Asu::SKY130, &open, &closing, 1e-9, |who, trace| {
        close(passes(trace, 0.5), 6.00382813e-6, 1e-3, who);
        assert!((trace.states[700][0] - 0.1).abs() < 1e-6, "{who} stops at {:?}", trace.states[700]);
    });
    moves(Asu::SKY130, &open, 1.5, 1e-5, 1.69999873);
}

/// Time at which the first state falls past `level`, seconds.
fn passes(trace: &Trace, level: f64) -> f64 {
    let k = trace.states.iter().position(|x| x[0] < level).unwrap_or(trace.states.len() - 1);
    let (a, b) = (trace.states[k - 1][0], trace.states[k][0]);
    trace.time[k - 1] + (trace.time[k] - trace.time[k - 1]) * (a - level) / (a - b)
}

/// The gap opens by most of its range within 0.2 ps, and an edge of 1 ps takes no part of it away.
#[test]
fn sky130_opens_at_fifty_kilometres_a_second() {
    moves(Asu::SKY130, &[0.12, 0.0], -2.0, 2e-13, 0.992624756);
    moves(Asu::SKY130, &[0.12, 0.0], -1.5, 1e-9, 0.633348787);
}

/// Under constant voltage `dx/dt = on/tau - (on + off)/tau x`, an exponential.
#[test]
fn metastable_switches_settle_exponentially() {
    let b = 0.5 / (1.380649e-23 / 1.602176634e-19 * 298.5);
    for v in [0.27f64, 0.35, -0.3] {
        let on = 0.5 * (1.0 + (b * (v - 0.27)).tanh());
        let off = 0.5 * (1.0 - (b * (v + 0.27)).tanh());
        let rest = on / (on + off);
        let end = rest + (0.5 - rest) * (-0.5 * (on + off)).exp();
        response(Mms::XYCE, &[0.5], &constant(v, 5e-5, 1), 5e-8, |who, trace| {
            close(trace.states[1][0], end, 1e-5, &format!("{who} at {v} V"));
        });
    }
    // 0.8 v / 750 ohm and 0.2 (8e-4) 2 sinh(4 v).
    current(Mms::XYCE, &[0.5], 0.2, 0.8 * 0.2 / 750.0 + 0.2 * 16e-4 * 0.8f64.sinh());
}

/// Bengel's equations, their series connection solved by bisection; the junction's voltage is the second state.
#[test]
fn jart_conducts_as_published() {
    current(Jart::BENGEL, &[0.008, -0.07997913883198169], -0.2, -0.2 / 104727.83644488628);
    current(Jart::BENGEL, &[20.0, -0.004187594151702325], -0.2, -0.2 / 1589.384073145144);
}

/// The published equations without junction capacitance, at each time the operating point that comes first from 0 V.
#[test]
fn jart_moves_as_published() {
    for (start, volts, seconds, end) in [
        (0.008, -0.8, 5e-6, 0.0086383952),
        (0.008, -0.8, 9e-6, 0.010258432),
        (20.0, 1.5, 5e-7, 16.105789),
        (20.0, 1.3, 1e-6, 19.53984),
    ] {
        // From rest, along an edge: a DC analysis at this voltage may find any of the operating points.
        let edge = 1e-11;
        let wave: Wave = vec![(0.0, 0.0), (edge, volts), (edge + seconds, volts)];
        response(Jart::BENGEL, &[start, 0.0], &wave, seconds / 1e3, |who, trace| {
            close(trace.states[2][0], end, 1e-3, &format!("{who} at {volts} V"));
        });
    }
}
