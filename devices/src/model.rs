//! What every model can do.

use crate::{Device, Spec};
use std::fmt::Debug;

/// A struct of parameters; the table macro implements it.
pub trait Parameters {
    /// What the model is.
    fn spec(&self) -> &'static Spec;
    /// Values of the parameters, SI, in the order of [`Spec::parameters`].
    fn values(&self) -> Vec<f64>;
    /// The same model with other values of its parameters, unchecked; missing ones keep theirs.
    fn with_values(&self, values: &[f64]) -> Device;
}

/// A memristor model: current and state equation.
///
/// States are scaled to the order of 1, in the order of [`Spec::states`].
pub trait Model: Parameters + Debug {
    /// Lowest and highest value of each state; no trajectory that starts inside leaves them.
    fn bounds(&self) -> Vec<(f64, f64)>;

    /// Where a device starts unless told otherwise; states that programming does not move are at rest.
    fn initial(&self) -> Vec<f64>;

    /// Current into `p` at `v` volts in state `x`, amperes.
    fn current(&self, v: f64, x: &[f64]) -> f64;

    /// Rates of the states at `v` volts in state `x`, into `dx`, per second.
    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]);

    /// Moves the states that settle by themselves ([`State::settles`](crate::State::settles)) to where they rest at
    /// constant `v` volts.
    fn settle(&self, _v: f64, _x: &mut [f64]) {}

    /// A drive that shows the hysteresis of the device: that of the publication where it gives one.
    fn sweep(&self) -> Sweep;

    /// What no parameter's own range can say; an error names the parameters and says what to give instead.
    ///
    /// # Errors
    /// The contradiction.
    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    /// The state of conductance `g` siemens at `v` volts, where it has a closed form; the caller checks the bounds.
    fn closed_state(&self, _g: f64, _v: f64) -> Option<Vec<f64>> {
        None
    }

    /// The same dynamics between the conductances `g_min` and `g_max`, of a model that has two resistances.
    fn spanning(&self, _g_min: f64, _g_max: f64) -> Option<Device> {
        None
    }

    /// Voltages between which no state moves, volts: one below 0 and one above, of a model that has thresholds. `g_max` is
    /// the largest conductance in use, siemens: it makes a threshold of current one of voltage.
    fn thresholds(&self, _g_max: f64) -> Option<(f64, f64)> {
        None
    }

    /// Capacitance that integrates each state in netlists, farad per 1.0: a decade such that the current that moves the
    /// state within a sweep is near 10 mA, far above a simulator's tolerance.
    fn capacitance(&self) -> f64 {
        10f64.powi((1e-2 * self.sweep().period).log10().round() as i32)
    }

    /// Constants that netlists need beside the parameters, worked out here once: the twins take them as literals, for
    /// SPICE drops factors below 1e-30.
    fn constants(&self) -> Vec<(&'static str, f64)> {
        Vec::new()
    }
}

/// A sine whose half-waves have amplitudes of their own.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sweep {
    /// Amplitude of the positive half-wave, volts, > 0.
    pub up: f64,
    /// Amplitude of the negative half-wave, volts, < 0.
    pub down: f64,
    /// Period, seconds.
    pub period: f64,
}

impl Sweep {
    /// Voltage at `t` seconds.
    pub fn at(&self, t: f64) -> f64 {
        let sine = (std::f64::consts::TAU * t / self.period).sin();
        if sine > 0.0 { self.up * sine } else { -self.down * sine }
    }
}
