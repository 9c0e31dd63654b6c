//! TEAM: a current threshold.

use crate::smooth::{exp, over, window};
use crate::table::model;
use crate::vteam::ordered_resistances;
use crate::{Device, Model, Sweep};

model! {
    /// TEAM: the state moves above a current threshold of either sign.
    ///
    /// With `w = x_on + (x_off - x_on) x` the tunnel barrier's width (Kvatinsky 2013, equations 17 to 24):
    /// `dw/dt = k_off (i/i_off - 1)^alpha_off f_off(w)` above `i_off`, `k_on (i/i_on - 1)^alpha_on f_on(w)` below `i_on`, 0
    /// between. The `published` window is `f_off = exp(-exp((w - a_off)/w_c))`, `f_on = exp(-exp(-(w - a_on)/w_c))`, fitted to
    /// Simmons' barrier; with `none` the state moves freely between `x_on` and `x_off`. `i_on` is negative: some published
    /// code has it positive.
    pub struct Team = "team": "TEAM: current thresholds";
    source: "S. Kvatinsky, E. G. Friedman, A. Kolodny, U. C. Weiser, TEAM, IEEE TCAS-I 60(1), 211-221, 2013, doi 10.1109/TCSI.2012.2215714";
    licence: "equations and parameters from the paper; text of memloom";
    states { x "": "width of the barrier between x_on (0) and x_off (1)"; }
    parameters {
        k_off: Speed, 1e-27..=1e3, "speed towards HRS at twice i_off";
        k_on: Speed, -1e3..=-1e-27, "speed towards LRS at twice i_on";
        alpha_off: Number, 1.0..=12.0, "exponent above i_off";
        alpha_on: Number, 1.0..=12.0, "exponent below i_on";
        i_off: Current, 1e-9..=1.0, "threshold towards HRS";
        i_on: Current, -1.0..=-1e-9, "threshold towards LRS";
        x_on: Length, 0.0..=1e-6, "barrier at LRS";
        x_off: Length, 1e-10..=1e-6, "barrier at HRS";
        window: Number, 0.0..=1.0, ["published", "none"], "what slows the state inside its range";
        a_off: Length, 0.0..=1e-6, "barrier where the way to HRS slows";
        a_on: Length, 0.0..=1e-6, "barrier where the way to LRS slows";
        w_c: Length, 1e-12..=1e-6, "length over which it slows";
        iv: Number, 0.0..=1.0, ["linear", "exponential"], "how resistance depends on the state";
        r_on: Resistance, 1.0..=1e9, "resistance at LRS";
        r_off: Resistance, 1.0..=1e12, "resistance at HRS";
    }
    sets {
        SIMMONS "simmons" "Kvatinsky 2013: fit to Simmons' tunnel barrier, figure 8" {
            k_off: 1.46e-18, k_on: -4.68e-22, alpha_off: 10.0, alpha_on: 10.0, i_off: 115e-6, i_on: -8.9e-6,
            x_on: 1.2e-9, x_off: 1.8e-9, window: 0.0, a_off: 1.2e-9, a_on: 1.8e-9, w_c: 107e-12, iv: 0.0,
            r_on: 50.0, r_off: 1e3
        }
        TECHNION "technion" "Technion CCIT report 804, defaults of the Verilog-A code, i_on with its right sign" {
            k_off: 8e-13, k_on: -8e-13, alpha_off: 3.0, alpha_on: 3.0, i_off: 115e-6, i_on: -8.9e-6,
            x_on: 0.0, x_off: 3e-9, window: 1.0, a_off: 1.2e-9, a_on: 2e-9, w_c: 107e-12, iv: 0.0,
            r_on: 100.0, r_off: 200e3
        }
    }
}

impl Team {
    fn span(&self) -> f64 {
        self.x_off - self.x_on
    }

    fn is_exponential(&self) -> bool {
        self.iv > 0.5
    }

    fn resistance(&self, x: f64) -> f64 {
        let x = x.clamp(0.0, 1.0);
        if self.is_exponential() {
            return self.r_on * (x * (self.r_off / self.r_on).ln()).exp();
        }
        self.r_on + (self.r_off - self.r_on) * x
    }

    /// `exp(-exp(..))` of a distance beyond where the state slows, metres.
    fn slowing(&self, beyond: f64) -> f64 {
        if self.window > 0.5 { 1.0 } else { (-exp(beyond / self.w_c)).exp() }
    }
}

impl Model for Team {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![(0.0, 1.0)]
    }

    /// Where 1 V drives four times the threshold, at most half way.
    fn initial(&self) -> Vec<f64> {
        vec![((0.25 / self.i_off - self.r_on) / (self.r_off - self.r_on)).clamp(0.0, 0.5)]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        v / self.resistance(x[0])
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let (i, w) = (self.current(v, x), self.x_on + self.span() * x[0]);
        let off = over(i / self.i_off - 1.0, self.alpha_off) * self.slowing(w - self.a_off);
        let on = over(i / self.i_on - 1.0, self.alpha_on) * self.slowing(self.a_on - w);
        let (k_off, k_on) = (self.k_off / self.span(), self.k_on / self.span());
        dx[0] = k_off * off * window(1.0 - x[0]) + k_on * on * window(x[0]);
    }

    fn sweep(&self) -> Sweep {
        Sweep { up: 1.0, down: -1.0, period: 1.0 }
    }

    fn thresholds(&self, g_max: f64) -> Option<(f64, f64)> {
        Some((self.i_on / g_max, self.i_off / g_max))
    }

    fn check(&self) -> Result<(), String> {
        let (x_on, x_off) = (self.x_on, self.x_off);
        if x_off - x_on < 1e-11 {
            return Err(format!(
                "`x_off = {x_off:e}` is not above `x_on = {x_on:e}`; give the wider barrier to `x_off`, 0.01 nm or more away"
            ));
        }
        ordered_resistances(self.r_on, self.r_off)
    }

    fn closed_state(&self, g: f64, _v: f64) -> Option<Vec<f64>> {
        let r = 1.0 / g;
        Some(vec![if self.is_exponential() {
            (r / self.r_on).ln() / (self.r_off / self.r_on).ln()
        } else {
            (r - self.r_on) / (self.r_off - self.r_on)
        }])
    }

    fn spanning(&self, g_min: f64, g_max: f64) -> Option<Device> {
        Some(Self { r_on: 1.0 / g_max, r_off: 1.0 / g_min, ..*self }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(team: &Team, v: f64, x: f64) -> f64 {
        let mut dx = [f64::NAN];
        team.rate(v, &[x], &mut dx);
        dx[0]
    }

    /// By hand from the equations: at 1.5 nm and 525 ohm.
    #[test]
    fn rates_are_those_of_the_paper() {
        let team = Team::SIMMONS;
        let slow = (-(0.3f64 / 0.107).exp()).exp();
        let off = 1.46e-18 / 0.6e-9 * (1.0 / 525.0 / 115e-6 - 1.0f64).powi(10) * slow;
        let on = -4.68e-22 / 0.6e-9 * (1.0 / 525.0 / 8.9e-6 - 1.0f64).powi(10) * slow;
        assert!((rate(&team, 1.0, 0.5) / off - 1.0).abs() < 1e-9);
        assert!((rate(&team, -1.0, 0.5) / on - 1.0).abs() < 1e-9);
        assert_eq!((rate(&team, 0.06, 0.5), rate(&team, -4e-3, 0.5)), (0.0, 0.0), "between the thresholds");
    }

    #[test]
    fn both_relations_end_at_the_same_resistances() {
        for iv in [0.0, 1.0] {
            let team = Team { iv, ..Team::SIMMONS };
            for (x, r) in [(0.0, 50.0), (1.0, 1e3)] {
                assert!((1.0 / team.current(1.0, &[x]) / r - 1.0).abs() < 1e-12);
                assert!((team.closed_state(1.0 / r, 0.1).unwrap()[0] - x).abs() < 1e-12);
            }
        }
        assert!((1.0 / Team { iv: 1.0, ..Team::SIMMONS }.current(1.0, &[0.5]) - 50e3f64.sqrt()).abs() < 1e-9);
    }
}
