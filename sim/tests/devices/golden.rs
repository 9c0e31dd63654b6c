//! Values that papers and their reference implementations give, in the Rust reference and in both simulators.

use crate::bench::{SIMULATORS, reference, simulate};
use crate::wave::Wave;
use memloom::device::Device;
use memloom_sim::device::Trace;

/// The current of a device at rest in the state `x` under `volts` is `amperes` to 1e-6.
#[track_caller]
pub fn current(device: impl Into<Device>, x: &[f64], volts: f64, amperes: f64) {
    let device = device.into();
    let check = |who: &str, given: f64| {
        let what = format!("{who}: {} in {x:?} at {volts} V", device.spec().name);
        assert!((given / amperes - 1.0).abs() < 1e-6, "{what}: {given:e} A for {amperes:e} A");
    };
    check("reference", device.current(volts, x));
    // So short that nothing moves.
    let short = 1e-9 * device.sweep().period;
    let wave = vec![(0.0, volts), (short, volts)];
    for simulator in SIMULATORS {
        let trace = simulate(simulator, &device, x, &wave, short);
        check(&format!("{simulator:?}"), trace.current[0]);
    }
}

/// Checks a response in the Rust reference and in both simulators, which step by at most `step` seconds; `check` gets who
/// computed it.
#[track_caller]
pub fn response(
    device: impl Into<Device>,
    start: &[f64],
    wave: &Wave,
    step: f64,
    check: impl Fn(&str, &Trace),
) {
    let device = device.into();
    check("reference", &reference(&device, start, wave));
    for simulator in SIMULATORS {
        check(&format!("{simulator:?}"), &simulate(simulator, &device, start, wave, step));
    }
}

/// `given` is `wanted` but for `tolerance` of it.
#[track_caller]
pub fn close(given: f64, wanted: f64, tolerance: f64, what: &str) {
    assert!((given / wanted - 1.0).abs() <= tolerance, "{what}: {given:e} for {wanted:e}");
}
