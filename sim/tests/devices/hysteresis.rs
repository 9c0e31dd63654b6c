//! Pinched loops: the fingerprints of a memristor (Chua 2014), in the reference and in both simulators.

use crate::bench::{SIMULATORS, assert_alike, peak, reference, simulate};
use crate::wave::sweep;
use memloom::device::{Device, Set, Sweep};
use memloom_sim::device::Trace;

const POINTS: usize = 200;

/// Every published set of every model.
pub fn sets() -> impl Iterator<Item = (String, &'static Set)> {
    let all = Device::SPECS.iter().flat_map(|spec| spec.sets.iter().map(|set| (spec.name, set)));
    all.map(|(model, set)| (format!("{model} {}", set.name), set))
}

/// Absolute areas of the loops in the half-waves of the last period, W.
fn area(trace: &Trace) -> f64 {
    let last = trace.time.len() - 1;
    let lobe = |from: usize| {
        let area = |k: usize| 0.5 * (trace.current[k] + trace.current[k + 1]) * (trace.volts[k + 1] - trace.volts[k]);
        (from..from + POINTS / 2).map(area).sum::<f64>().abs()
    };
    lobe(last - POINTS) + lobe(last - POINTS / 2)
}

/// The loop passes through the origin: at 0 V there is no current, in any of the three.
fn assert_pinched(trace: &Trace, what: &str) {
    for k in (0..trace.time.len()).step_by(POINTS / 2) {
        let ratio = trace.current[k].abs() / peak(&trace.current);
        assert!(ratio < 1e-6, "{what}: {ratio:e} of the largest current at 0 V");
    }
}

#[test]
fn all_three_agree_on_pinched_loops() {
    for (name, set) in sets() {
        let device = set.device;
        let wave = sweep(device.sweep(), 1.5, POINTS);
        let step = device.sweep().period / 4000.0;
        let wanted = reference(&device, &device.initial(), &wave);
        assert_pinched(&wanted, &name);
        assert!(area(&wanted) > 0.0, "{name} has no loop");
        for simulator in SIMULATORS {
            let given = simulate(simulator, &device, &device.initial(), &wave, step);
            let what = format!("{name} in {simulator:?}");
            assert_pinched(&given, &what);
            assert_alike(&wanted, &given, 1e-3, &what);
        }
    }
}

/// At ten and a hundred times the frequency of its own sweep a loop shrinks: the state cannot follow.
#[test]
fn loops_shrink_with_frequency() {
    for (name, set) in sets() {
        let device = set.device;
        let own = device.sweep();
        let areas = |respond: &dyn Fn(Sweep) -> Trace| {
            [1.0, 10.0, 100.0].map(|faster| area(&respond(Sweep { period: own.period / faster, ..own })))
        };
        let falls = |areas: [f64; 3], who: &str| {
            assert!(areas[0] > areas[1] && areas[1] > areas[2], "{name} in {who}: {areas:?} W");
            assert!(areas[2] < 0.2 * areas[0], "{name} in {who}: {areas:?} W");
        };
        let start = device.initial();
        falls(areas(&|s| reference(&device, &start, &sweep(s, 1.0, POINTS))), "reference");
        for simulator in SIMULATORS {
            let response =
                |s: Sweep| simulate(simulator, &device, &start, &sweep(s, 1.0, POINTS), s.period / 1000.0);
            falls(areas(&response), &format!("{simulator:?}"));
        }
    }
}
