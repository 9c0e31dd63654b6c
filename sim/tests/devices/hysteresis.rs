//! Pinched loops: the fingerprints of a memristor (Chua 2014), in the reference and in both simulators.

use crate::bench::{SIMULATORS, assert_alike, peak, reference, simulate};
use crate::wave::sweep;
use memloom::device::{Device, Set, Sweep};
use memloom_sim::device::Trace;

/// Straight lines a period: after each end a simulator takes a step of first order.
const POINTS: usize = 40;

/// Every published set of every model.
pub fn sets() -> impl Iterator<Item = (String, &'static Set)> {
    let all = Device::SPECS.iter().flat_map(|spec| spec.sets.iter().map(|set| (spec.name, set)));
    all.map(|(model, set)| (format!("{model} {}", set.name), set))
}

/// Absolute areas of the loops in the half-waves of the last period, W.
fn area(trace: &Trace) -> f64 {
    let last = trace.time.len() - 1;
    let lobe = |from: usize| {
        let area = |k: usize| {
            0.5 * (trace.current[k] + trace.current[k + 1]) * (trace.volts[k + 1] - trace.volts[k])
        };
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

/// Beyond a device's corner frequency its loop shrinks, for the state cannot follow: the reference finds the corner in
/// decades from its own sweep up, and both simulators see the fall.
#[test]
fn loops_shrink_with_frequency() {
    for (name, set) in sets() {
        let (device, own) = (set.device, set.device.sweep());
        let faster = |decade: i32| Sweep { period: own.period / 10f64.powi(decade), ..own };
        let respond =
            |decade| area(&reference(&device, &device.initial(), &sweep(faster(decade), 1.0, POINTS)));
        // Far above its corner the capacitance of a junction draws a loop of its own.
        let last = if set.device.spec().states.iter().any(|state| state.settles) { 3 } else { 7 };
        let areas: Vec<f64> = (0..=last).map(respond).collect();
        let corner = (0..areas.len()).max_by(|a, b| areas[*a].total_cmp(&areas[*b])).unwrap();
        assert!(corner + 3 < areas.len(), "{name} has no corner: {areas:?} W");
        assert!(areas[corner..].windows(2).all(|pair| pair[1] < pair[0]), "{name}: {areas:?} W");
        assert!(areas[areas.len() - 1] < 0.05 * areas[corner], "{name}: {areas:?} W");
        for simulator in SIMULATORS {
            let given = [corner as i32, last].map(|decade| {
                let drive = faster(decade);
                let wave = sweep(drive, 1.0, POINTS);
                area(&simulate(simulator, &device, &device.initial(), &wave, drive.period / 1000.0))
            });
            assert!(given[1] < 0.05 * given[0], "{name} in {simulator:?}: {given:?} W");
        }
    }
}
