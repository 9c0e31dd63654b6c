//! VTEAM: a voltage threshold.

use crate::smooth::{over, window};
use crate::table::model;
use crate::{Device, Model, Sweep};

model! {
    /// VTEAM: the state moves above a voltage threshold of either sign, and resistance is linear in it.
    ///
    /// With `x = (w - w_on) / d`, 0 at LRS and 1 at HRS (Kvatinsky 2015, equations 2 and 5):
    /// `dx/dt = k_off/d (v/v_off - 1)^alpha_off` above `v_off`, `k_on/d (v/v_on - 1)^alpha_on` below `v_on`, 0 between,
    /// and `i = v / (r_on + (r_off - r_on) x)`.
    pub struct Vteam = "vteam": "VTEAM: voltage thresholds, resistance linear in the state";
    source: "S. Kvatinsky, M. Ramadan, E. G. Friedman, A. Kolodny, VTEAM, IEEE TCAS-II 62(8), 786-790, 2015, doi 10.1109/TCSII.2015.2433536";
    licence: "equations and parameters from the paper; text of memloom";
    states { x "": "position of the interface between LRS (0) and HRS (1)"; }
    parameters {
        k_off: Speed, 1e-18..=1e9, "speed towards HRS at twice v_off";
        k_on: Speed, -1e9..=-1e-18, "speed towards LRS at twice v_on";
        alpha_off: Number, 1.0..=12.0, "exponent above v_off";
        alpha_on: Number, 1.0..=12.0, "exponent below v_on";
        v_off: Voltage, 1e-3..=10.0, "threshold towards HRS";
        v_on: Voltage, -10.0..=-1e-3, "threshold towards LRS";
        r_on: Resistance, 1e-3..=1e12, "resistance at LRS";
        r_off: Resistance, 1e-3..=1e15, "resistance at HRS";
        d: Length, 1e-10..=1e-6, "distance of the state between LRS and HRS";
    }
    sets {
        MAGIC "magic" "as used for MAGIC logic: S. Kvatinsky et al., IEEE TCAS-II 61(11), 895-899, 2014, doi 10.1109/TCSII.2014.2357292" {
            k_off: 0.091, k_on: -216.2, alpha_off: 4.0, alpha_on: 4.0, v_off: 0.3, v_on: -1.5,
            r_on: 1e3, r_off: 3e5, d: 3e-9
        }
        MEMTORCH "memtorch" "C. Lammie et al., MemTorch, Neurocomputing 485, 2022, doi 10.1016/j.neucom.2022.02.043" {
            k_off: 5e-4, k_on: -10.0, alpha_off: 1.0, alpha_on: 3.0, v_off: 0.02, v_on: -0.2,
            r_on: 50.0, r_off: 1e3, d: 3e-9
        }
    }
}

impl Vteam {
    /// The same dynamics between the conductances `g_min` and `g_max`, siemens.
    pub const fn between(self, g_min: f64, g_max: f64) -> Self {
        Self { r_on: 1.0 / g_max, r_off: 1.0 / g_min, ..self }
    }
}

impl Model for Vteam {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![(0.0, 1.0)]
    }

    fn initial(&self) -> Vec<f64> {
        vec![0.0]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        v / (self.r_on + (self.r_off - self.r_on) * x[0].clamp(0.0, 1.0))
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let off = self.k_off / self.d * over(v / self.v_off - 1.0, self.alpha_off);
        let on = self.k_on / self.d * over(v / self.v_on - 1.0, self.alpha_on);
        dx[0] = off * window(1.0 - x[0]) + on * window(x[0]);
    }

    /// Twice `v_off`, four times as long as that takes to HRS, and the negative voltage that is four times as fast.
    fn sweep(&self) -> Sweep {
        let back = (4.0 * self.k_off / -self.k_on).powf(1.0 / self.alpha_on);
        Sweep { up: 2.0 * self.v_off, down: (1.0 + back) * self.v_on, period: 4.0 * self.d / self.k_off }
    }

    fn thresholds(&self, _g_max: f64) -> Option<(f64, f64)> {
        Some((self.v_on, self.v_off))
    }

    fn check(&self) -> Result<(), String> {
        ordered_resistances(self.r_on, self.r_off)
    }

    fn closed_state(&self, g: f64, _v: f64) -> Option<Vec<f64>> {
        Some(vec![(1.0 / g - self.r_on) / (self.r_off - self.r_on)])
    }

    fn spanning(&self, g_min: f64, g_max: f64) -> Option<Device> {
        Some(self.between(g_min, g_max).into())
    }
}

/// LRS conducts better than HRS.
pub(crate) fn ordered_resistances(r_on: f64, r_off: f64) -> Result<(), String> {
    if r_on < r_off {
        return Ok(());
    }
    Err(format!("`r_on = {r_on:e}` is not below `r_off = {r_off:e}`; give the smaller resistance to `r_on`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Time to traverse 3 nm in the MAGIC set, from the paper's equation.
    #[test]
    fn traverse_times_of_magic() {
        for (v, seconds) in [(-3.0, 1.3876e-11), (-1.8, 8.6725e-9), (0.6, 3.2967e-8)] {
            let mut dx = [0.0];
            Vteam::MAGIC.rate(v, &[0.5], &mut dx);
            let given = 1.0 / dx[0].abs();
            assert!((given / seconds - 1.0).abs() < 1e-4, "{given} at {v}");
        }
    }

    #[test]
    fn nothing_moves_between_the_thresholds_or_through_the_bounds() {
        let rate = |v, x| {
            let mut dx = [f64::NAN];
            Vteam::MAGIC.rate(v, &[x], &mut dx);
            dx[0]
        };
        assert_eq!((rate(0.3, 0.5), rate(-1.5, 0.5), rate(0.0, 0.0)), (0.0, 0.0, 0.0));
        assert_eq!((rate(1.0, 1.0), rate(-2.0, 0.0)), (0.0, 0.0));
        assert!(rate(1.0, 0.0) > 0.0 && rate(-2.0, 1.0) < 0.0, "driven back, it leaves");
    }
}
