//! Well-posedness: what a simulator needs of a model, for every set of every model.

use crate::bench::{SIMULATORS, assert_alike, peak, reference, simulate};
use crate::hysteresis::sets;
use crate::wave::{levels, sweep};
use memloom::device::{Device, V_MAX};
use memloom_sim::device::Trace;
use proptest::prelude::*;

/// No state is outside its bounds by more than a simulator's overshoot where it comes to rest: 1e-5 of 1 or of the largest value that it takes.
fn assert_within(device: &Device, trace: &Trace, what: &str) {
    for (at, (low, high)) in device.bounds().into_iter().enumerate() {
        let all: Vec<f64> = trace.states.iter().map(|state| state[at]).collect();
        let slack = 1e-5 * peak(&all).max(1.0);
        for x in all {
            assert!((low - slack..=high + slack).contains(&x), "{what}: {x} outside {low} to {high}");
        }
    }
}

#[test]
fn halving_the_step_changes_nothing() {
    for (name, set) in sets() {
        let (device, own) = (set.device, set.device.sweep());
        let wave = sweep(own, 1.0, 40);
        for simulator in SIMULATORS {
            let [whole, half] = [2000.0, 4000.0]
                .map(|steps| simulate(simulator, &device, &device.initial(), &wave, own.period / steps));
            assert_alike(&whole, &half, 2e-4, &format!("{name} in {simulator:?}"));
            assert_within(&device, &half, &name);
        }
    }
}

/// Driven to one end and on for five sweeps, a state leaves it as soon as it is driven back.
#[test]
fn nothing_sticks_at_a_bound() {
    for (name, set) in sets() {
        let (device, own) = (set.device, set.device.sweep());
        let swing = |trace: &Trace| {
            let all = trace.states.iter().map(|x| x[0]);
            all.clone().fold(f64::MIN, f64::max) - all.fold(f64::MAX, f64::min)
        };
        let usual = swing(&reference(&device, &device.initial(), &sweep(own, 1.0, 40)));
        for (to, back) in [(own.up, own.down), (own.down, own.up)] {
            let wave = levels(&[(to, 5.0 * own.period), (back, 10.0 * own.period)], own.period / 50.0, 10);
            let check = |trace: Trace, who: &str| {
                assert_within(&device, &trace, &name);
                let (far, end) = (trace.states[11][0], trace.states[22][0]);
                let what = format!("{name} in {who}, {to} V then {back} V");
                assert!((end - far).abs() > 0.01 * usual, "{what}: from {far} to {end}, usually {usual}");
            };
            check(reference(&device, &device.initial(), &wave), "reference");
            for simulator in SIMULATORS {
                let trace = simulate(simulator, &device, &device.initial(), &wave, own.period / 50.0);
                check(trace, &format!("{simulator:?}"));
            }
        }
    }
}

/// 1 ns from nothing to the full write voltage, and back.
#[test]
fn steep_edges_converge() {
    for (name, set) in sets() {
        let (device, own) = (set.device, set.device.sweep());
        let pulse = own.period / 8.0;
        let wave = levels(&[(own.up, pulse), (0.0, pulse), (own.down, pulse), (0.0, pulse)], 1e-9, 4);
        let wanted = reference(&device, &device.initial(), &wave);
        assert!(peak(&wanted.current) > 0.0);
        for simulator in SIMULATORS {
            let given = simulate(simulator, &device, &device.initial(), &wave, pulse / 2000.0);
            // A state that is 1e-5 off shows as a few parts in a thousand of the current where HRS ends and LRS begins.
            assert_alike(&wanted, &given, 5e-3, &format!("{name} in {simulator:?}"));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Over all parameters in their ranges, all states within bounds and a little outside, all voltages: finite numbers,
    /// and slopes that a simulator can take.
    #[test]
    fn everything_is_finite(
        parts in prop::collection::vec(0.0f64..=1.0, 64), inside in prop::collection::vec(-0.01f64..=1.01, 4),
        v in -V_MAX..=V_MAX,
    ) {
        for spec in Device::SPECS {
            let pick = |(p, part): (&memloom::device::Parameter, &f64)| {
                if !p.words.is_empty() {
                    (part * (p.words.len() - 1) as f64).round()
                } else if p.low > 0.0 {
                    p.low * (p.high / p.low).powf(*part)
                } else if p.high < 0.0 {
                    p.high * (p.low / p.high).powf(*part)
                } else {
                    p.low + (p.high - p.low) * part
                }
            };
            let values: Vec<f64> = spec.parameters.iter().zip(&parts).map(pick).collect();
            let device = spec.sets[0].device.with_values(&values);
            if device.validate().is_err() {
                continue;
            }
            let within = |((low, high), part): ((f64, f64), &f64)| {
                let (low, high) = (low.max(-100.0), high.min(100.0));
                low + (high - low) * part
            };
            let x: Vec<f64> = device.bounds().into_iter().zip(&inside).map(within).collect();
            let check = |v: f64, x: &[f64]| {
                let mut dx = vec![0.0; x.len()];
                device.rate(v, x, &mut dx);
                let i = device.current(v, x);
                prop_assert!(i.is_finite() && dx.iter().all(|r| r.is_finite()), "{:?} at {} in {:?}: {} {:?}", device, v, x, i, dx);
                Ok(i)
            };
            let i = check(v, &x)?;
            let mut rest = x.clone();
            device.settle(0.0, &mut rest);
            prop_assert_eq!(check(0.0, &rest)?, 0.0, "{:?} conducts at 0 V", device);
            let h = 1e-6;
            let slope = (check(v + h, &x)? - i) / h;
            prop_assert!(slope.is_finite(), "{:?}", device);
        }
    }
}
