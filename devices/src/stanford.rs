//! Stanford University's RRAM model, version 1.

use crate::gap::{FREE, Law, Range, check_enhancement, enhancement, hop};
use crate::physics::K_B_EV;
use crate::smooth::{EDGE, step};
use crate::table::model;
use crate::{Model, Sweep};

model! {
    /// Stanford RRAM v1.0.0: a filament's gap that opens and closes by field-enhanced hopping, with Joule heating.
    ///
    /// `i = i_0 e^(-gap/g_0) sinh(v/v_0)`, `d gap/dt = -vel_0 e^(-e_a/kT) sinh(gamma a_0 v / (t_ox kT))`,
    /// `gamma = gamma_0 - beta (gap/1 nm)^3`, `T = t_0 + v i r_th`; no motion where the field `gamma |v| / t_ox` is below
    /// `f_min`. Temperature is eliminated: it follows the power at once.
    ///
    /// The published cut at `f_min` is a jump. Here the rate rises from 0 at `f_min` to its full value 1 % above it. The
    /// released Verilog-A takes `gamma = 16` at negative voltage; here, as in the papers, one formula holds for both
    /// signs. The released model's noise is left out.
    pub struct Stanford = "stanford": "Stanford RRAM v1.0.0: tunnelling gap, field-enhanced hopping, Joule heating";
    source: "Z. Jiang, S. Yu, Y. Wu, J. H. Engel, X. Guan, H.-S. P. Wong, SISPAD 2014, 41-44, doi 10.1109/SISPAD.2014.6931558; X. Guan, S. Yu, H.-S. P. Wong, IEEE EDL 33(10), 1405-1407, 2012, doi 10.1109/LED.2012.2210856";
    licence: "equations from the papers; parameters of Stanford University RRAM Model 1.0.0 (doi 10.4231/D37H1DN48), copyright 2014 Stanford University, free with acknowledgement; text of memloom";
    states { gap "nm": "distance from the filament's tip to the electrode"; }
    parameters {
        i_0: Current, 1e-12..=1.0, "current scale";
        g_0: Length, 5e-11..=1e-8, "gap by which current falls to 1/e";
        v_0: Voltage, 0.05..=10.0, "voltage scale of the current";
        vel_0: Speed, 1e-6..=1e6, "attempt velocity of an ion";
        gamma_0: Number, 0.1..=100.0, "local field enhancement of a closed gap";
        beta: Number, 0.0..=10.0, "fall of the enhancement with the cube of the gap in nm";
        e_a: Energy, 0.1..=5.0, "activation energy of an ion's hop";
        a_0: Length, 1e-11..=1e-9, "distance of an ion's hop";
        t_ox: Length, 1e-9..=1e-7, "thickness of the oxide";
        f_min: Field, 1e6..=1e11, "enhanced field below which the gap stays";
        r_th: ThermalResistance, 0.0..=1e8, "thermal resistance to ambient";
        gap_min: Length, 1e-12..=1e-8, "gap at LRS";
        gap_max: Length, 1e-11..=1e-8, "gap at HRS";
        t_0: Temperature, 100.0..=1000.0, "ambient temperature";
    }
    sets {
        V1 "v1" "Stanford University RRAM Model 1.0.0, doi 10.4231/D37H1DN48" {
            i_0: 1e-3, g_0: 0.25e-9, v_0: 0.25, vel_0: 10.0, gamma_0: 16.0, beta: 0.8, e_a: 0.6, a_0: 0.25e-9,
            t_ox: 12e-9, f_min: 1.4e9, r_th: 2.1e3, gap_min: 0.2e-9, gap_max: 1.7e-9, t_0: 298.0
        }
    }
}

impl Stanford {
    fn law(&self) -> Law {
        Law { i_0: self.i_0, g_0: self.g_0, v_0: self.v_0 }
    }

    fn range(&self) -> Range {
        Range::new(self.gap_min, self.gap_max)
    }
}

impl Model for Stanford {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![(self.range().low, self.range().high)]
    }

    fn initial(&self) -> Vec<f64> {
        vec![self.range().low]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        self.law().current(v, self.range().near(x[0]))
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let gap = self.range().near(x[0]);
        let kt = K_B_EV * (self.t_0 + v * self.current(v, x) * self.r_th);
        let enhanced = enhancement(self.gamma_0, self.beta, gap) * v / self.t_ox;
        let lowered = enhanced * self.a_0;
        let moving = step((enhanced.abs() / self.f_min - 1.0) / EDGE);
        let velocity =
            0.5e9 * self.vel_0 * (hop(self.e_a + lowered, kt) - hop(self.e_a - lowered, kt)) * moving;
        dx[0] = self.range().braked(velocity, x[0]);
    }

    fn constants(&self) -> Vec<(&'static str, f64)> {
        vec![("k_b", K_B_EV), ("free", FREE)]
    }

    /// Long enough to open a quarter of the gap.
    fn sweep(&self) -> Sweep {
        Sweep { up: 1.2, down: -1.2, period: 1e-6 }
    }

    fn check(&self) -> Result<(), String> {
        self.range().check(self.t_ox)?;
        check_enhancement(self.gamma_0, self.beta, &self.range())
    }

    fn closed_state(&self, g: f64, v: f64) -> Option<Vec<f64>> {
        Some(vec![self.law().gap_for(g, v)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the equation at 30 digits.
    #[test]
    fn resistances_at_a_tenth_of_a_volt() {
        for (gap, ohms) in [(0.2, 541.8206517), (1.7, 218586.0518)] {
            let given = 0.1 / Stanford::V1.current(0.1, &[gap]);
            assert!((given / ohms - 1.0).abs() < 1e-9, "{given} at {gap} nm");
        }
    }

    #[test]
    fn the_gap_stays_below_the_least_field() {
        // 1.4e9 V/m * 12 nm / (16 - 0.8 * 0.2^3) = 1.0504 V at the smallest gap.
        let rate = |v: f64| {
            let mut dx = [f64::NAN];
            Stanford::V1.rate(v, &[0.2], &mut dx);
            dx[0]
        };
        assert_eq!(rate(-1.05), 0.0);
        assert!(rate(-1.051) > 0.0);
        assert_eq!(rate(1.5), 0.0, "closed already");
    }
}
