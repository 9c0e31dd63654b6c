//! Yakopcic's generalised model.

use crate::smooth::{exp, positive, ramp, sinh};
use crate::table::model;
use crate::{Model, Sweep};

model! {
    /// Yakopcic's model: thresholds of voltage, a state that slows before its ends, a current that is odd in voltage.
    ///
    /// `i = a_1 x sinh(b v)` at positive voltage, `a_2 x sinh(b v)` at negative (Yakopcic 2011 and 2013);
    /// `dx/dt = a_p (e^v - e^v_p) f_p(x)` above `v_p`, `-a_n (e^-v - e^v_n) f_n(x)` below `-v_n`, 0 between, with `v` in volts.
    /// Beyond `x_p` the motion up slows, `f_p = e^(-alpha_p u) (1 - u / (1 - x_p))` at `u = x - x_p`; below `1 - x_n` the
    /// motion down, `f_n = e^(-alpha_n u) (1 - u / (1 - x_n))` at `u = 1 - x_n - x`.
    pub struct Yakopcic = "yakopcic": "Yakopcic: thresholds, sinh current, a fit to many devices";
    source: "C. Yakopcic, T. M. Taha, G. Subramanyam, R. E. Pino, S. Rogers, IEEE EDL 32(10), 1436, 2011, doi 10.1109/LED.2011.2163292; C. Yakopcic et al., IEEE TCAD 32(8), 1201, 2013, doi 10.1109/TCAD.2013.2252057";
    licence: "equations and parameters from the papers; text of memloom";
    states { x "": "conducting part: 0 at HRS, 1 at LRS"; }
    parameters {
        a_1: Current, 1e-15..=10.0, "current at positive voltage";
        a_2: Current, 1e-15..=10.0, "current at negative voltage";
        b: InverseVoltage, 1e-3..=40.0, "steepness of the current";
        v_p: Voltage, 1e-3..=10.0, "positive threshold";
        v_n: Voltage, 1e-3..=10.0, "negative threshold, as a positive number";
        a_p: Rate, 1e-12..=1e15, "rate above the positive threshold";
        a_n: Rate, 1e-12..=1e15, "rate below the negative threshold";
        x_p: Number, 0.0..=0.999, "state above which the motion up slows";
        x_n: Number, 0.0..=0.999, "1 less the state below which the motion down slows";
        alpha_p: Number, 0.0..=100.0, "how fast the motion up slows";
        alpha_n: Number, 0.0..=100.0, "how fast the motion down slows";
    }
    sets {
        OBLEA "oblea" "Yakopcic 2013: fit to A. S. Oblea et al., IJCNN 2010 (chalcogenide), sine" {
            a_1: 0.17, a_2: 0.17, b: 0.05, v_p: 0.16, v_n: 0.15, a_p: 4000.0, a_n: 4000.0,
            x_p: 0.3, x_n: 0.5, alpha_p: 1.0, alpha_n: 5.0
        }
        OBLEA_PULSED "oblea_pulsed" "Yakopcic 2013: the same device under triangles" {
            a_1: 0.097, a_2: 0.097, ..Self::OBLEA
        }
        MIAO "miao" "Yakopcic 2013: fit to F. Miao et al., Advanced Materials 23, 2011 (TaOx)" {
            a_1: 0.11, a_2: 0.11, b: 0.5, v_p: 0.09, v_n: 0.75, a_p: 7.5, a_n: 2.0,
            x_p: 0.3, x_n: 0.5, alpha_p: 1.0, alpha_n: 5.0
        }
        JO "jo" "Yakopcic 2013: fit to S. H. Jo et al., Nano Letters 10, 2010 (amorphous Si)" {
            a_1: 3.7e-7, a_2: 4.35e-7, b: 0.7, v_p: 1.5, v_n: 0.5, a_p: 0.005, a_n: 0.08,
            x_p: 0.2, x_n: 0.5, alpha_p: 1.2, alpha_n: 3.0
        }
    }
}

/// Slows by `e^(-alpha u)` and to rest where `u`, how far the state is beyond its point, has used up the `room`.
fn slowing(u: f64, alpha: f64, room: f64) -> f64 {
    let u = u.max(0.0);
    (-alpha * u).exp() * (1.0 - u / room).max(0.0)
}

impl Yakopcic {
    fn amplitude(&self, v: f64) -> f64 {
        self.a_2 + (self.a_1 - self.a_2) * positive(v)
    }
}

impl Model for Yakopcic {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![(0.0, 1.0)]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.11]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        self.amplitude(v) * x[0].clamp(0.0, 1.0) * sinh(self.b * v)
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let up = self.a_p * ramp(exp(v) - exp(self.v_p));
        let down = self.a_n * ramp(exp(-v) - exp(self.v_n));
        dx[0] = up * slowing(x[0] - self.x_p, self.alpha_p, 1.0 - self.x_p)
            - down * slowing(1.0 - self.x_n - x[0], self.alpha_n, 1.0 - self.x_n);
    }

    /// Three times each threshold, twenty times as long as the slower of the two would need at its peak.
    fn sweep(&self) -> Sweep {
        let (up, down) = (3.0 * self.v_p, -3.0 * self.v_n);
        let rates = [self.a_p * (exp(up) - exp(self.v_p)), self.a_n * (exp(-down) - exp(self.v_n))];
        Sweep { up, down, period: 20.0 / rates[0].min(rates[1]) }
    }

    fn thresholds(&self, _g_max: f64) -> Option<(f64, f64)> {
        Some((-self.v_n, self.v_p))
    }

    fn closed_state(&self, g: f64, v: f64) -> Option<Vec<f64>> {
        Some(vec![g * v / (self.amplitude(v) * sinh(self.b * v))])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand from the papers' equations, on both sides of both points where the motion slows.
    #[test]
    fn current_and_rate_are_those_of_the_papers() {
        let model = Yakopcic { a_2: 0.2, ..Yakopcic::OBLEA };
        let close = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-12, "{a} {b}");
        close(model.current(0.4, &[0.5]), 0.17 * 0.5 * 0.02f64.sinh());
        close(model.current(-0.4, &[0.5]), -0.2 * 0.5 * 0.02f64.sinh());
        let rate = |v, x| {
            let mut dx = [0.0];
            model.rate(v, &[x], &mut dx);
            dx[0]
        };
        let (up, down) = (4000.0 * (0.4f64.exp() - 0.16f64.exp()), -4000.0 * (0.4f64.exp() - 0.15f64.exp()));
        close(rate(0.4, 0.2), up);
        close(rate(0.4, 0.8), up * (-0.5f64).exp() * ((0.3 - 0.8) / 0.7 + 1.0));
        close(rate(-0.4, 0.8), down);
        close(rate(-0.4, 0.2), down * (5.0 * (0.2 + 0.5 - 1.0f64)).exp() * 0.2 / 0.5);
        assert_eq!(
            (rate(0.16, 0.5), rate(-0.15, 0.5), rate(0.4, 1.0), rate(-0.4, 0.0)),
            (0.0, 0.0, 0.0, 0.0)
        );
    }
}
