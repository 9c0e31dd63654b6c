//! The mean metastable switch of Nugent and Molter.

use crate::physics::K_B_EV;
use crate::smooth::exp;
use crate::table::model;
use crate::vteam::ordered_resistances;
use crate::{Model, Sweep};

model! {
    /// Mean metastable switch: many two-state switches that thermal noise flips, on average, beside a Schottky diode pair.
    ///
    /// With `x` the share of switches that are on (Nugent and Molter 2014, equations 13 to 21) and `b = q / k T`:
    /// `dx/dt = ((1-x) P_on - x P_off) / tau`, `P_on = 1 / (1 + e^(-b (v - v_on)))`,
    /// `P_off = 1 - 1 / (1 + e^(-b (v + v_off)))`, and
    /// `i = phi v (x/r_on + (1-x)/r_off) + (1-phi) (sfa (e^(sfb v) - 1) - sra (e^(-srb v) - 1))`.
    ///
    /// The publication has no `- 1`: it conducts at 0 V unless `sfa = sra`, where the two forms are the same. The state
    /// drifts at any voltage: the memory is volatile.
    pub struct Mms = "mms": "Mean metastable switch: thermally flipped switches and a Schottky pair";
    source: "M. A. Nugent, T. W. Molter, AHaH Computing, PLoS ONE 9(2), e85175, 2014, doi 10.1371/journal.pone.0085175";
    licence: "equations and parameters from the paper (CC BY); text of memloom";
    states { x "": "share of switches that are on, 0 at HRS and 1 at LRS"; }
    parameters {
        r_on: Resistance, 1e-3..=1e12, "resistance with every switch on";
        r_off: Resistance, 1e-3..=1e15, "resistance with every switch off";
        v_on: Voltage, 1e-3..=10.0, "voltage at which half of the switches would turn on";
        v_off: Voltage, 1e-3..=10.0, "voltage below zero at which half of the switches would turn off";
        tau: Time, 1e-12..=1e6, "time scale of the switches";
        temperature: Temperature, 1.0..=1e4, "temperature of the switches";
        phi: Number, 1e-3..=1.0, "share of the current that flows through the switches";
        sfa: Current, 0.0..=1.0, "current scale of the forward diode";
        sfb: InverseVoltage, 0.0..=40.0, "steepness of the forward diode";
        sra: Current, 0.0..=1.0, "current scale of the reverse diode";
        srb: InverseVoltage, 0.0..=40.0, "steepness of the reverse diode";
    }
    sets {
        XYCE "xyce" "Sandia National Laboratories, Xyce, memristor example of the metastable switch model" {
            r_on: 500.0, r_off: 1500.0, v_on: 0.27, v_off: 0.27, tau: 1e-4, temperature: 298.5, phi: 0.8,
            sfa: 8e-4, sfb: 4.0, sra: 8e-4, srb: 4.0
        }
    }
}

impl Mms {
    /// Current of the diode pair, A.
    fn schottky(&self, v: f64) -> f64 {
        self.sfa * (exp(self.sfb * v) - 1.0) - self.sra * (exp(-self.srb * v) - 1.0)
    }
}

impl Model for Mms {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![(0.0, 1.0)]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.0]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        let conductance = x[0] / self.r_on + (1.0 - x[0]) / self.r_off;
        self.phi * v * conductance + (1.0 - self.phi) * self.schottky(v)
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        // The logistic function by its hyperbolic tangent, which no voltage overflows.
        let half = 0.5 / (K_B_EV * self.temperature);
        let on = 0.5 * (1.0 + (half * (v - self.v_on)).tanh());
        let off = 0.5 * (1.0 - (half * (v + self.v_off)).tanh());
        dx[0] = ((1.0 - x[0]) * on - x[0] * off) / self.tau;
    }

    fn constants(&self) -> Vec<(&'static str, f64)> {
        vec![("k_b", K_B_EV)]
    }

    /// Half a volt, as in the publication; twenty time scales long.
    fn sweep(&self) -> Sweep {
        Sweep { up: 0.5, down: -0.5, period: 20.0 * self.tau }
    }

    fn check(&self) -> Result<(), String> {
        ordered_resistances(self.r_on, self.r_off)
    }

    fn closed_state(&self, g: f64, v: f64) -> Option<Vec<f64>> {
        let switches = (g - (1.0 - self.phi) * self.schottky(v) / v) / self.phi;
        Some(vec![(switches - 1.0 / self.r_off) / (1.0 / self.r_on - 1.0 / self.r_off)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the equation at 30 digits; at 0.27 V half of the switches are on their way on and none off.
    #[test]
    fn rates_at_and_above_the_threshold() {
        for (v, per_second) in [(0.27, 2499.99999618), (0.35, 4786.53488682)] {
            let mut dx = [0.0];
            Mms::XYCE.rate(v, &[0.5], &mut dx);
            assert!((dx[0] / per_second - 1.0).abs() < 1e-9, "{} at {v}", dx[0]);
        }
    }

    #[test]
    fn unequal_diodes_do_not_conduct_at_zero_volts() {
        let lopsided = Mms { sra: 1e-5, ..Mms::XYCE };
        assert_eq!(lopsided.current(0.0, &[0.5]), 0.0);
        assert!(lopsided.current(0.3, &[0.5]) > -lopsided.current(-0.3, &[0.5]));
    }
}
