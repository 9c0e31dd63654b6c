//! From conductance to state and back.

use crate::{Device, Error};
use roots::{SimpleConvergency, find_root_brent};

/// How far outside its reach a conductance still counts as that of an end, relative: targets are stored as `f32`.
pub const REACH: f64 = 1e-6;

impl Device {
    /// Conductance at `v` volts in state `x`, once what settles by itself has settled: current over voltage, siemens.
    pub fn conductance(&self, v: f64, x: &[f64]) -> f64 {
        let mut x = x.to_vec();
        self.settle(v, &mut x);
        self.current(v, &x) / v
    }

    /// Largest voltage of either sign at which a cell that conducts at most `g_max` siemens can be read for ever, volts, where
    /// its model has thresholds.
    pub fn quiet(&self, g_max: f64) -> Option<f64> {
        self.thresholds(g_max).map(|(below, above)| above.min(-below))
    }

    /// Lowest and highest conductance at `v` volts: those at the ends of the first state's range, siemens.
    pub fn reach(&self, v: f64) -> (f64, f64) {
        let (low, high) = self.bounds()[0];
        let [a, b] = [low, high].map(|end| self.conductance(v, &self.state_at(end)));
        (a.min(b), a.max(b))
    }

    /// The state of conductance `g` siemens at `v` volts: the first state moved, the others as at rest.
    ///
    /// # Errors
    /// [`Error::Reach`] when no state has it, by more than [`REACH`] of its value.
    pub fn state_for(&self, g: f64, v: f64) -> Result<Vec<f64>, Error> {
        let (low, high) = self.reach(v);
        let within = (low * (1.0 - REACH)..=high * (1.0 + REACH)).contains(&g);
        if !within {
            return Err(Error::Reach { model: self.spec().name, wanted: g, volts: v, low, high });
        }
        let (start, end) = self.bounds()[0];
        let g = g.clamp(low, high);
        if let Some(mut state) = self.closed_state(g, v) {
            state[0] = state[0].clamp(start, end);
            return Ok(state);
        }
        // The logarithm makes one tolerance fit a device that spans decades.
        let miss = |x: f64| (self.conductance(v, &self.state_at(x)) / g).ln();
        for end in [start, end] {
            if miss(end).abs() <= REACH * 1e-3 {
                return Ok(self.state_at(end));
            }
        }
        let mut tolerance = SimpleConvergency { eps: 1e-14 * (end - start), max_iter: 200 };
        match find_root_brent(start, end, miss, &mut tolerance) {
            Ok(x) => Ok(self.state_at(x)),
            Err(_) => Err(Error::Reach { model: self.spec().name, wanted: g, volts: v, low, high }),
        }
    }

    /// `x` moved into the bounds of this device: where a device rests that takes over the state of one with other bounds.
    pub fn within(&self, x: &[f64]) -> Vec<f64> {
        x.iter().zip(self.bounds()).map(|(x, (low, high))| x.clamp(low, high)).collect()
    }

    /// All states at rest but the first, which is `x`.
    fn state_at(&self, x: f64) -> Vec<f64> {
        let mut state = self.initial();
        state[0] = x;
        state
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_programmed_state_has_the_wanted_conductance(part in 0.0f64..1.0, v in 0.05f64..0.3) {
            for set in Device::SPECS.iter().flat_map(|spec| spec.sets) {
                let device = set.device;
                let (low, high) = device.reach(v);
                let low = low.max(1e-9 * high);
                let wanted = low * (high / low).powf(part);
                let state = device.state_for(wanted, v).unwrap();
                let given = device.conductance(v, &state);
                let (model, name) = (device.spec().name, set.name);
                prop_assert!((given / wanted - 1.0).abs() < 1e-6, "{} {}: {} for {}", model, name, given, wanted);
                for (x, (low, high)) in state.iter().zip(device.bounds()) {
                    prop_assert!((low..=high).contains(x));
                }
            }
        }
    }

    #[test]
    fn beyond_reach_is_an_error_with_the_reach() {
        for set in Device::SPECS.iter().flat_map(|spec| spec.sets) {
            let (low, high) = set.device.reach(0.2);
            for wanted in [low / 1.01 - 1e-20, high * 1.01, -high, f64::NAN, f64::INFINITY] {
                let error = set.device.state_for(wanted, 0.2).unwrap_err();
                assert!(matches!(error, Error::Reach { .. }), "{error}");
            }
        }
    }
}
