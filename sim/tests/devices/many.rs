//! A thousand devices in one transient run, from starts spread over their range, and what that costs.

use crate::bench::{Bench, SIMULATORS, reference};
use crate::wave::sweep;
use memloom::device::Device;

const COUNT: usize = 1000;
/// Different starts: a device that switches on its own makes all others wait for its time steps.
const STARTS: usize = 4;

#[test]
fn a_thousand_devices_in_one_run() {
    for spec in Device::SPECS {
        let device = spec.sets[0].device;
        let (own, v) = (device.sweep(), 0.1);
        let (low, high) = device.reach(v);
        let low = low.max(1e-3 * high);
        let start =
            |k: usize| device.state_for(low * (high / low).powf(k as f64 / (STARTS - 1) as f64), v).unwrap();
        let few: Vec<Vec<f64>> = (0..STARTS).map(start).collect();
        let starts: Vec<Vec<f64>> = (0..COUNT).map(|k| few[k % STARTS].clone()).collect();
        let wave = sweep(own, 0.125, 40);
        let sampled: Vec<_> = few.iter().map(|x| reference(&device, x, &wave)).collect();
        let wanted: Vec<f64> = (0..wave.len())
            .map(|k| (COUNT / STARTS) as f64 * sampled.iter().map(|trace| trace.current[k]).sum::<f64>())
            .collect();
        for simulator in SIMULATORS {
            let bench = Bench { device: &device, starts: &starts, wave: &wave, step: own.period / 400.0 };
            let (trace, run) = bench.run(simulator);
            let points = run.plots[0].points;
            let cost = run.wall.as_secs_f64() / (COUNT * points) as f64;
            println!(
                "{} in {simulator:?}: {:.2} s, {points} points, {:.2} us a device and point",
                spec.name,
                run.wall.as_secs_f64(),
                cost * 1e6
            );
            let most = wanted.iter().fold(0.0f64, |m, i| m.max(i.abs()));
            for (given, wanted) in trace.current.iter().zip(&wanted) {
                assert!(
                    (given - wanted).abs() < 5e-3 * most,
                    "{} in {simulator:?}: {given:e} for {wanted:e}",
                    spec.name
                );
            }
        }
    }
}
