//! Arizona State University's RRAM model, which SkyWater's ReRAM cell is too.

use crate::gap::{FREE, Law, Range, check_enhancement, enhancement, hop};
use crate::physics::K_B_EV;
use crate::table::model;
use crate::{Model, Sweep, V_MAX};

model! {
    /// ASU RRAM: a gap that opens and closes by hopping over barriers of their own, and a thermal capacitance.
    ///
    /// `i = i_0 e^(-gap/g_0) sinh(v/v_0)`,
    /// `d gap/dt = -vel_0 (e^(-e_ag/kT + gamma a_0 v/(t_ox kT)) - e^(-e_ar/kT - gamma a_0 v/(t_ox kT)))`,
    /// `gamma = gamma_0 - beta (gap/1 nm)^3`, `dT/dt = v i / c_th - (T - t_0) / tau_th`.
    /// Temperature is a state, as its rise over `t_0` in units of `t_0`.
    ///
    /// Beyond an exponent of 10 the hopping velocity goes on straight. Without a series resistance or transistor the
    /// model heats itself in LRS to thousands of kelvins: that is the publication's.
    pub struct Asu = "asu": "ASU RRAM, SkyWater's ReRAM: tunnelling gap, two barriers, thermal capacitance";
    source: "P.-Y. Chen, S. Yu, Compact Modeling of RRAM Devices and Its Applications in 1T1R and 1S1R Array Design, IEEE TED 62(12), 4022-4028, 2015, doi 10.1109/TED.2015.2492421";
    licence: "equations and parameters from the paper; set sky130: parameters of sky130_fd_pr_reram, copyright 2020 The SkyWater PDK Authors, Apache-2.0; text of memloom";
    states {
        gap "nm": "distance from the filament's tip to the electrode";
        heat "": "temperature rise over ambient, relative to ambient";
    }
    parameters {
        i_0: Current, 1e-12..=1.0, "current scale";
        g_0: Length, 5e-11..=1e-8, "gap by which current falls to 1/e";
        v_0: Voltage, 0.05..=10.0, "voltage scale of the current";
        vel_0: Speed, 1e-6..=1e6, "attempt velocity of an ion";
        gamma_0: Number, 0.1..=100.0, "local field enhancement of a closed gap";
        beta: Number, 0.0..=10.0, "fall of the enhancement with the cube of the gap in nm";
        e_ag: Energy, 0.1..=5.0, "activation energy of a vacancy's generation";
        e_ar: Energy, 0.1..=5.0, "activation energy of a vacancy's recombination";
        a_0: Length, 1e-11..=1e-9, "distance of an ion's hop";
        t_ox: Length, 1e-9..=1e-7, "thickness of the oxide";
        c_th: HeatCapacity, 1e-20..=1e-6, "effective heat capacity";
        tau_th: Time, 1e-15..=1e-3, "effective thermal time constant";
        gap_min: Length, 1e-12..=1e-8, "gap at LRS";
        gap_max: Length, 1e-11..=1e-8, "gap at HRS";
        t_0: Temperature, 100.0..=1000.0, "ambient temperature";
    }
    sets {
        ASU "asu" "P.-Y. Chen, S. Yu, IEEE TED 62(12), 2015, doi 10.1109/TED.2015.2492421" {
            i_0: 61.4e-6, g_0: 0.27505e-9, v_0: 0.43, vel_0: 150.0, gamma_0: 16.5, beta: 1.25, e_ag: 1.501,
            e_ar: 1.5, a_0: 0.25e-9, t_ox: 5e-9, c_th: 3.1825e-16, tau_th: 0.23e-9, gap_min: 0.1e-9,
            gap_max: 1.7e-9, t_0: 298.0
        }
        SKY130 "sky130" "google/skywater-pdk-libs-sky130_fd_pr_reram, sky130_fd_pr_reram__reram_cell.va" {
            g_0: 0.2751e-9, t_0: 300.0, ..Self::ASU
        }
    }
}

impl Asu {
    fn law(&self) -> Law {
        Law { i_0: self.i_0, g_0: self.g_0, v_0: self.v_0 }
    }

    fn range(&self) -> Range {
        Range::new(self.gap_min, self.gap_max)
    }
}

impl Model for Asu {
    fn bounds(&self) -> Vec<(f64, f64)> {
        // The steady rise in the widest filament at the largest voltage.
        let low = self.range().low;
        let power = V_MAX * self.current(V_MAX, &[low]);
        vec![(low, self.range().high), (0.0, power * self.tau_th / (self.c_th * self.t_0))]
    }

    fn initial(&self) -> Vec<f64> {
        vec![self.range().high, 0.0]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        self.law().current(v, self.range().near(x[0]))
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let gap = self.range().near(x[0]);
        let kt = K_B_EV * self.t_0 * (1.0 + x[1].max(0.0));
        let lowered = enhancement(self.gamma_0, self.beta, gap) * self.a_0 * v / self.t_ox;
        let velocity = 1e9 * self.vel_0 * (hop(self.e_ar + lowered, kt) - hop(self.e_ag - lowered, kt));
        dx[0] = self.range().braked(velocity, x[0]);
        dx[1] = v * self.current(v, x) / (self.c_th * self.t_0) - x[1] / self.tau_th;
    }

    fn constants(&self) -> Vec<(&'static str, f64)> {
        vec![("k_b", K_B_EV), ("free", FREE)]
    }

    /// Just long enough to close the gap.
    fn sweep(&self) -> Sweep {
        Sweep { up: 2.0, down: -1.5, period: 2e-4 }
    }

    fn check(&self) -> Result<(), String> {
        self.range().check(self.t_ox)?;
        check_enhancement(self.gamma_0, self.beta, &self.range())
    }

    fn closed_state(&self, g: f64, v: f64) -> Option<Vec<f64>> {
        Some(vec![self.law().gap_for(g, v), 0.0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the equation at 30 digits.
    #[test]
    fn resistances_at_a_tenth_of_a_volt() {
        for (set, gap, ohms) in [
            (Asu::ASU, 0.1, 9983.641929),
            (Asu::ASU, 1.7, 3354547.295),
            (Asu::SKY130, 0.1, 9982.982236),
            (Asu::SKY130, 1.7, 3350781.066),
        ] {
            let given = 0.1 / set.current(0.1, &[gap, 0.0]);
            assert!((given / ohms - 1.0).abs() < 1e-9, "{given} at {gap} nm");
        }
    }

    /// Full-swing RESET runs at the publication's velocity, below the zone where it goes on straight.
    #[test]
    fn the_gap_opens_at_tens_of_kilometres_a_second() {
        let mut dx = [0.0; 2];
        Asu::SKY130.rate(-2.0, &[0.12, 0.0], &mut dx);
        let lowered = (16.5 - 1.25 * 0.12f64.powi(3)) * 0.05 * 2.0;
        let published = 150e9 * ((lowered - 1.5) / (K_B_EV * 300.0)).exp();
        assert!((dx[0] / published - 1.0).abs() < 1e-12 && dx[0] > 4e13, "{} nm/s", dx[0]);
    }
}
