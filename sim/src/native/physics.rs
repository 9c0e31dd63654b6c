//! Noise of one amplifier stage from its parts: the op-amp's density and the thermal noise of all that conducts to its
//! inverting node, through the stage's own bandwidth.
//!
//! With `A(s) = w / s` (`w = 2 pi gbw`), a feedback of `g_f` siemens beside `c_f` farad, and `g` siemens and `c` farad in all
//! at the node, a voltage `e` at the op-amp's input comes out as `e w (g + s c) / D(s)`, a current `i` into the node as
//! `i w / D(s)`, where `D(s) = c s^2 + (g + w c_f) s + w g_f`. White noise of density `S` through `(b1 s + b0) / (a2 s^2 +
//! a1 s + a0)` has the variance `S (b1^2 a0 + b0^2 a2) / (4 a0 a1 a2)` (Phillips' integral, James, Nichols and Phillips,
//! "Theory of Servomechanisms", 1947, table of section 7.9).

use std::f64::consts::{FRAC_PI_2, TAU};

/// Boltzmann's constant, J/K: exact in the SI of 2019.
pub(super) const BOLTZMANN: f64 = 1.380_649e-23;

/// What a wire conducts beside resistors, siemens.
const WIRE: f64 = 1e30;

/// A stage around one op-amp.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Stage {
    /// Gain-bandwidth product, hertz.
    pub(super) gbw: f64,
    /// Feedback, siemens, and what is at the inverting node in all.
    pub(super) g_f: f64,
    pub(super) g: f64,
    /// Capacitor beside the feedback, farad, and what is at the inverting node in all.
    pub(super) c_f: f64,
    pub(super) c: f64,
}

impl Stage {
    /// Variance at the output, square volts, of white noise at the op-amp's input of `density` volts per root hertz.
    pub(super) fn of_op_amp(self, density: f64) -> f64 {
        let Self { g_f, g, c_f, c, .. } = self;
        let w = TAU * self.gbw;
        // (b1^2 a0 + b0^2 a2) / (4 a0 a1 a2) with c taken out of numerator and denominator.
        density.powi(2) * w * (w * c * g_f + g * g) / (4.0 * g_f * (g + w * c_f))
    }

    /// The same of the thermal noise of all conductances at the node, at `kelvin`.
    pub(super) fn thermal(self, kelvin: f64) -> f64 {
        let w = TAU * self.gbw;
        BOLTZMANN * kelvin * self.g * w / (self.g_f * (self.g + w * self.c_f))
    }

    /// A follower, whose feedback is a wire and nothing else at the node.
    pub(super) fn follower(gbw: f64) -> Self {
        Self { gbw, g_f: WIRE, g: WIRE, c_f: 0.0, c: 0.0 }
    }

    /// What flicker noise comes to at the op-amp's input: the integral from `from` hertz on of `1 / f` through the stage, over
    /// the square of its noise gain.
    pub(super) fn flicker(self, from: f64) -> f64 {
        let slope = self.c / self.g;
        self.over_frequency(slope, from)
    }

    /// The same of a current into the node, over the square of the feedback resistance.
    pub(super) fn flicker_of_current(self, from: f64) -> f64 {
        self.over_frequency(0.0, from)
    }

    /// The integral over frequencies `f` from `from` on of `|H|^2 / f`, where `H = (1 + s slope) / (1 + s a + s^2 b)`.
    ///
    /// With `u` for the square of the angular frequency it is half that of `(1 + slope^2 u) / (u P(u))`, where `P = b^2 u^2 +
    /// (a^2 - 2 b) u + 1`: half of `1 / u - (b^2 u + (a^2 - 2 b) - slope^2) / P(u)`.
    fn over_frequency(self, slope: f64, from: f64) -> f64 {
        let Self { gbw, g_f, g, c_f, c } = self;
        let w = TAU * gbw;
        let (a, b) = ((g + w * c_f) / (w * g_f), c / (w * g_f));
        let u = (TAU * from).powi(2);
        let (p, q) = (b * b, a * a - 2.0 * b);
        let at = (p * u + q) * u + 1.0;
        // Without capacitance at the node there is no slope either.
        if p == 0.0 {
            return 0.5 * (at / (q * u)).ln();
        }
        // What 1 / u and half of P' / P come to.
        let logarithms = 0.5 * (at / (p * u * u)).ln();
        // What 1 / P comes to; with real roots, q is above zero.
        let (square, slant) = (q * q - 4.0 * p, 2.0 * p * u + q);
        let root = square.abs().sqrt();
        let rest = if root == 0.0 {
            2.0 / slant
        } else if square > 0.0 {
            ((slant + root).powi(2) / (4.0 * p * at)).ln() / root
        } else {
            2.0 / root * (FRAC_PI_2 - (slant / root).atan())
        };
        0.5 * (logarithms + (slope * slope - 0.5 * q) * rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The integral of a squared magnitude over frequency, by the midpoint rule on a logarithmic grid.
    fn integral(magnitude: impl Fn(f64) -> f64) -> f64 {
        let (low, steps, decades) = (1.0_f64, 200_000, 14.0);
        let at = |k: f64| low * 10f64.powf(decades * k / f64::from(steps));
        (0..steps)
            .map(|k| {
                let (a, b) = (at(f64::from(k)), at(f64::from(k) + 1.0));
                magnitude((a * b).sqrt()).powi(2) * (b - a)
            })
            .sum::<f64>()
            + magnitude(low).powi(2) * low
    }

    #[test]
    fn flicker_is_the_integral_of_its_transfer_function() {
        for (c_f, stray, from) in [
            (0.0, 0.0, 1.0),
            (1e-12, 0.0, 10.0),
            (1e-12, 1e-11, 1.0),
            (0.0, 1e-11, 100.0),
            (2e-11, 1e-13, 1.0),
        ] {
            let stage = Stage { gbw: 1e7, g_f: 1e-4, g: 5e-4, c_f, c: c_f + stray };
            let w = TAU * stage.gbw;
            let d = |f: f64| {
                let s = TAU * f;
                (w * stage.g_f - stage.c * s * s).hypot((stage.g + w * c_f) * s)
            };
            // Logarithmic steps: the measure of 1 / f.
            let (steps, decades) = (200_000, 13.0);
            let integral = |magnitude: &dyn Fn(f64) -> f64| {
                let at = |k: i32| from * 10f64.powf(decades * (f64::from(k) + 0.5) / f64::from(steps));
                (0..steps).map(|k| magnitude(at(k)).powi(2)).sum::<f64>() * decades * 10f64.ln()
                    / f64::from(steps)
            };
            let voltage = integral(&|f| w * stage.g.hypot(TAU * f * stage.c) / d(f));
            let gain = stage.g / stage.g_f;
            assert!((stage.flicker(from) * gain.powi(2) / voltage - 1.0).abs() < 1e-6, "{c_f:e}");
            let current = integral(&|f| w / d(f));
            let found = stage.flicker_of_current(from) / stage.g_f.powi(2);
            assert!((found / current - 1.0).abs() < 1e-6, "{c_f:e}: {found:e} {current:e}");
        }
    }

    #[test]
    fn closed_forms_are_the_integrals_of_the_transfer_functions() {
        for (c_f, stray) in
            [(0.0, 0.0), (1e-13, 0.0), (1e-12, 0.0), (2e-11, 0.0), (0.0, 1e-11), (1e-12, 1e-11)]
        {
            let stage = Stage { gbw: 1e7, g_f: 1e-4, g: 5e-4, c_f, c: c_f + stray };
            let w = TAU * stage.gbw;
            let size = |re: f64, im: f64| re.hypot(im);
            let d = |f: f64| {
                let s = TAU * f;
                size(w * stage.g_f - stage.c * s * s, (stage.g + w * c_f) * s)
            };
            let voltage = integral(|f| w * size(stage.g, TAU * f * stage.c) / d(f));
            let current = integral(|f| w / d(f));
            let (density, kelvin) = (1e-8, 300.0);
            let found = stage.of_op_amp(density) / (density.powi(2) * voltage);
            assert!((found - 1.0).abs() < 1e-3, "{c_f:e}: {found}");
            let found = stage.thermal(kelvin) / (4.0 * BOLTZMANN * kelvin * stage.g * current);
            assert!((found - 1.0).abs() < 1e-3, "{c_f:e}: {found}");
        }
    }
}
