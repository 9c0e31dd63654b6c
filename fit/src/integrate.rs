//! A device under a measured voltage, on the grid of the measurement.
//!
//! A fit wants a current that is smooth in the parameters, so steps do not adapt: the same few per point, by the
//! two-stage SDIRK method of order 2 (R. Alexander, SIAM J. Numer. Anal. 14, 1977), which is L-stable and so takes any
//! rate. What a step that is too long misses is seen by halving it; see `fit`.

use crate::Measurement;
use crate::meter::Meter;
use memloom_devices::Device;
use nalgebra::{Matrix3, Vector3};
use std::cell::Cell;

/// Share of a step that a stage is implicit over: `1 - 1/sqrt(2)`.
const GAMMA: f64 = 1.0 - std::f64::consts::FRAC_1_SQRT_2;
/// Error of a stage, over the size of its states and 1.
const EXACT: f64 = 1e-12;
/// Most iterations of a stage, before the step is halved.
const TURNS: usize = 40;
/// Most halvings of a step.
const HALVINGS: u32 = 12;
/// Most evaluations of rates for each step, on average over the grid. Usual are 20; a device whose every step ends in
/// halves of halves is one that cannot be followed.
const COSTLY: u64 = 400;

/// Currents of `device` at the points of `data`, from the states `start`, with `steps` steps between two points; `None`
/// where a state cannot be followed. `meter` counts the evaluations.
pub(crate) fn respond(
    device: &Device,
    start: &[f64],
    data: &Measurement,
    steps: usize,
    meter: &Meter,
) -> Option<Vec<f64>> {
    let mut walk = Walk::new(device, start, COSTLY * (steps * data.len()) as u64)?;
    let current = walk.along(data, steps);
    meter.add(walk.spent.get(), device);
    current.filter(|current| current.iter().all(|i| i.is_finite()))
}

/// At most three states on their way.
struct Walk<'a> {
    device: &'a Device,
    count: usize,
    bounds: [(f64, f64); 3],
    x: [f64; 3],
    /// Evaluations of rates so far, and at most.
    spent: Cell<u64>,
    most: u64,
}

impl<'a> Walk<'a> {
    fn new(device: &'a Device, start: &[f64], most: u64) -> Option<Self> {
        let (mut bounds, mut x) = ([(0.0, 0.0); 3], [0.0; 3]);
        let given = device.bounds();
        (given.len() <= 3).then_some(())?;
        for (k, (bound, x0)) in given.iter().zip(start).enumerate() {
            (bounds[k], x[k]) = (*bound, x0.clamp(bound.0, bound.1));
        }
        Some(Self { device, count: given.len(), bounds, x, spent: Cell::new(0), most })
    }

    fn along(&mut self, data: &Measurement, steps: usize) -> Option<Vec<f64>> {
        let mut current = Vec::with_capacity(data.len());
        for k in 0..data.len() {
            if k > 0 {
                let (t0, t1, v0, v1) = (data.time[k - 1], data.time[k], data.volts[k - 1], data.volts[k]);
                for step in 0..steps {
                    let at = |n: usize| v0 + (v1 - v0) * n as f64 / steps as f64;
                    self.step((t1 - t0) / steps as f64, at(step), at(step + 1), HALVINGS)?;
                }
            }
            current.push(self.device.current(data.volts[k], &self.x[..self.count]));
        }
        Some(current)
    }

    fn rate(&self, v: f64, x: &[f64; 3]) -> [f64; 3] {
        self.spent.set(self.spent.get() + 1);
        let mut dx = [0.0; 3];
        self.device.rate(v, &x[..self.count], &mut dx[..self.count]);
        dx
    }

    /// One step of `h` seconds while the voltage goes from `v0` to `v1`; in halves where a stage has no solution.
    fn step(&mut self, h: f64, v0: f64, v1: f64, halvings: u32) -> Option<()> {
        (self.spent.get() < self.most).then_some(())?;
        let first = self.stage(&self.x, GAMMA * h, v0 + (v1 - v0) * GAMMA);
        let last = first.and_then(|first| {
            let mut from = self.x;
            for k in 0..self.count {
                let ahead = self.x[k] + (1.0 / GAMMA - 1.0) * (first[k] - self.x[k]);
                from[k] = ahead.clamp(self.bounds[k].0, self.bounds[k].1);
            }
            self.stage(&from, GAMMA * h, v1)
        });
        if let Some(last) = last {
            self.x = last;
            return Some(());
        }
        let halvings = halvings.checked_sub(1)?;
        let middle = 0.5 * (v0 + v1);
        self.step(0.5 * h, v0, middle, halvings)?;
        self.step(0.5 * h, middle, v1, halvings)
    }

    /// Solves `x = from + h rate(v, x)`.
    fn stage(&self, from: &[f64; 3], h: f64, v: f64) -> Option<[f64; 3]> {
        if self.count == 1 {
            self.one(from[0], h, v).map(|x| [x, 0.0, 0.0])
        } else {
            self.several(from, h, v)
        }
    }

    /// Newton's method between ends that close in. Rates at a bound point inwards, so the bounds enclose a solution.
    fn one(&self, from: f64, h: f64, v: f64) -> Option<f64> {
        let miss = |x: f64| x - from - h * self.rate(v, &[x, 0.0, 0.0])[0];
        let (mut low, mut high) = self.bounds[0];
        let mut x = from;
        for _ in 0..2 * TURNS {
            let here = miss(x);
            if here.abs() <= EXACT * (1.0 + x.abs()) {
                return Some(x);
            }
            if here > 0.0 {
                high = x
            } else {
                low = x
            }
            let nudge = 1e-7 * (1.0 + x.abs()) * if here > 0.0 { -1.0 } else { 1.0 };
            let slope = (miss(x + nudge) - here) / nudge;
            let newton = x - here / slope;
            let inside = slope > 0.0 && newton > low && newton < high;
            // Of a stiff state the miss never gets small: it is the rounding of a rate times its steepness. The step does.
            if inside && (newton - x).abs() <= EXACT * (1.0 + x.abs()) {
                return Some(newton);
            }
            x = match (inside, low.is_finite() && high.is_finite()) {
                (true, _) => newton,
                (false, true) => 0.5 * (low + high),
                (false, false) => return None,
            };
            if high - low <= EXACT * (1.0 + x.abs()) {
                return Some(x);
            }
        }
        None
    }

    /// Newton's method, held within the bounds.
    fn several(&self, from: &[f64; 3], h: f64, v: f64) -> Option<[f64; 3]> {
        let miss = |x: &[f64; 3]| {
            let dx = self.rate(v, x);
            Vector3::from_fn(|k, _| x[k] - from[k] - h * dx[k])
        };
        let mut x = *from;
        for _ in 0..TURNS {
            let here = miss(&x);
            let mut matrix = Matrix3::identity();
            for k in 0..self.count {
                let mut beside = x;
                // Towards the middle: beyond a bound a model says nothing.
                let (low, high) = self.bounds[k];
                let nudge = 1e-7 * (1.0 + x[k].abs()) * if x[k] - low > high - x[k] { -1.0 } else { 1.0 };
                beside[k] += nudge;
                matrix.set_column(k, &((miss(&beside) - here) / nudge));
            }
            let change = matrix.lu().solve(&here)?;
            let mut moved = 0.0f64;
            for k in 0..self.count {
                let next = (x[k] - change[k]).clamp(self.bounds[k].0, self.bounds[k].1);
                moved = moved.max((next - x[k]).abs() / (1.0 + x[k].abs()));
                x[k] = next;
            }
            if moved <= 1e-10 {
                return x.iter().all(|x| x.is_finite()).then_some(x);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memloom_devices::Vteam;

    fn held(volts: f64, seconds: f64, points: usize) -> Measurement {
        let time = (0..=points).map(|k| seconds * k as f64 / points as f64).collect();
        Measurement { time, volts: vec![volts; points + 1], current: vec![0.0; points + 1] }
    }

    fn run(device: &Device, start: &[f64], data: &Measurement) -> Vec<f64> {
        respond(device, start, data, 1, &Meter::new(u64::MAX, None)).unwrap()
    }

    #[test]
    fn a_constant_rate_is_met_to_rounding() {
        let device = Device::from(Vteam::MAGIC);
        let current = run(&device, &[0.2], &held(0.6, 1e-8, 10));
        let x = 0.2 + 0.091 / 3e-9 * 1e-8;
        assert!((current[10] / (0.6 / (1e3 + 2.99e5 * x)) - 1.0).abs() < 1e-10);
    }

    #[test]
    fn a_rate_far_above_the_grid_ends_at_the_bound_and_comes_back() {
        let device = Device::from(Vteam::MAGIC);
        let mut data = held(-3.0, 1e-3, 10);
        data.volts[6..].fill(1.0);
        let current = run(&device, &[1.0], &data);
        assert!((current[5] / (-3.0 / 1e3) - 1.0).abs() < 0.01, "{current:?}");
        assert!((current[10] / (1.0 / 3e5) - 1.0).abs() < 0.02, "{current:?}");
    }

    #[test]
    fn a_stiff_device_costs_no_more_than_any() {
        // Amplified by an exponential of a current, the rounding of a rate is far above the exactness of a stage.
        let device = Device::named("simmons", None, &[("f_on", 1.0), ("f_off", 1.0)]).unwrap();
        let mut data = held(-0.9, 1.0, 40);
        data.volts[20..].fill(0.9);
        let meter = Meter::new(u64::MAX, None);
        assert!(respond(&device, &[1.5], &data, 1, &meter).is_some());
        let each = meter.spent() / 8 / 40;
        assert!(each < 100, "{each} evaluations for each point");
    }

    #[test]
    fn halving_the_step_quarters_the_error() {
        // A sweep that stays off the bounds.
        let device = Device::named("vteam", None, &[("alpha_off", 2.0)]).unwrap();
        let end = |points: usize| {
            let mut data = held(0.0, 4e-8, points);
            data.volts = data.time.iter().map(|t| 0.35 + 0.2 * (t / 4e-8 * 3.0).sin()).collect();
            run(&device, &[0.1], &data)[points]
        };
        let exact = end(4096);
        let errors = [end(32), end(64)].map(|i| (i / exact - 1.0).abs());
        assert!(errors[0] / errors[1] > 3.0 && errors[1] < 1e-3, "{errors:?}");
    }
}
