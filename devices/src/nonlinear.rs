//! Nonlinear ion drift.

use crate::smooth::{exp, positive, sinh};
use crate::table::model;
use crate::{Model, Sweep};

model! {
    /// Nonlinear ion drift: the boundary moves with an odd power of the voltage, the current is a tunnel contact's.
    ///
    /// `i = x^n_x beta sinh(alpha v) + chi (e^(gamma v) - 1)` (Yang 2008) and `dx/dt = a f(x) v^m` (Lehtonen and Laiho 2010),
    /// with Biolek's window `f = 1 - (x - stp(-v))^(2 p_w)`. `v^m` keeps the sign of `v` for any exponent.
    pub struct Nonlinear = "nonlinear": "nonlinear ion drift, tunnelling and rectifying current";
    source: "J. J. Yang et al., Nature Nanotechnology 3, 429-433, 2008, doi 10.1038/nnano.2008.160; E. Lehtonen, M. Laiho, CNNA 2010, doi 10.1109/CNNA.2010.5430304";
    licence: "equations and parameters from the papers; text of memloom";
    states { x "": "part of the contact that tunnels: 0 at HRS, 1 at LRS"; }
    parameters {
        a: Rate, 1e-12..=1e15, "rate of the state at 1 V";
        m: Number, 3.0..=15.0, "exponent of the voltage, odd in the paper";
        n_x: Number, 1.0..=20.0, "exponent of the state in the current";
        beta: Current, 1e-18..=1.0, "tunnelling current";
        alpha: InverseVoltage, 1e-3..=40.0, "steepness of the tunnelling current";
        chi: Current, 1e-18..=1.0, "saturation current of the contact";
        gamma: InverseVoltage, 1e-3..=40.0, "steepness of the contact's current";
        p_w: Number, 1.0..=100.0, "exponent of the window";
    }
    sets {
        TEAM "team" "S. Kvatinsky et al., TEAM, IEEE TCAS-I 60(1), 211, 2013: figure 6" {
            a: 1.0, m: 5.0, n_x: 2.0, beta: 0.9e-6, alpha: 2.0, chi: 1e-10, gamma: 4.0, p_w: 1.0
        }
        MLADENOV "mladenov" "V. Mladenov, github.com/mladenovvaleri/Advanced-Memristor-Modeling-in-LTSpise: LTspice model K5" {
            a: 1.1, m: 5.0, n_x: 5.0, beta: 60e-6, alpha: 1.4, chi: 20e-6, gamma: 1.3, p_w: 3.0
        }
    }
}

impl Nonlinear {
    fn contact(&self, v: f64) -> f64 {
        self.chi * (exp(self.gamma * v) - 1.0)
    }
}

impl Model for Nonlinear {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![(0.0, 1.0)]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.1]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        x[0].clamp(0.0, 1.0).powf(self.n_x) * self.beta * sinh(self.alpha * v) + self.contact(v)
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let from = x[0] - positive(-v);
        dx[0] = self.a * v * v.abs().powf(self.m - 1.0) * (1.0 - (from * from).powf(self.p_w));
    }

    /// 1 V for four times `1/a`.
    fn sweep(&self) -> Sweep {
        Sweep { up: 1.0, down: -1.0, period: 4.0 / self.a }
    }

    fn closed_state(&self, g: f64, v: f64) -> Option<Vec<f64>> {
        let part = (g * v - self.contact(v)) / (self.beta * sinh(self.alpha * v));
        Some(vec![part.max(0.0).powf(1.0 / self.n_x)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn current_and_rate_are_those_of_the_papers() {
        let (model, x, v) = (Nonlinear::TEAM, 0.5, 0.8);
        let wanted = 0.25 * 0.9e-6 * 1.6f64.sinh() + 1e-10 * (3.2f64.exp() - 1.0);
        assert!((model.current(v, &[x]) / wanted - 1.0).abs() < 1e-12);
        let mut dx = [0.0];
        model.rate(v, &[x], &mut dx);
        assert!((dx[0] / (0.8f64.powi(5) * 0.75) - 1.0).abs() < 1e-12);
        model.rate(-v, &[x], &mut dx);
        assert!((dx[0] / (-(0.8f64.powi(5)) * 0.75) - 1.0).abs() < 1e-12);
    }
}
