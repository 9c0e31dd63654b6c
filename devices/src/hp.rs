//! HP's linear ion drift, with a choice of windows.

use crate::smooth::{exp, positive};
use crate::table::model;
use crate::vteam::ordered_resistances;
use crate::{Device, Model, Sweep};

model! {
    /// Linear ion drift: a boundary between doped and undoped oxide moves with the charge that passes.
    ///
    /// With `w` the doped part (Strukov 2008, equations 5 and 6): `i = v / (r_on w + r_off (1 - w))`,
    /// `dw/dt = k i f(w, i)`, `k = mobility r_on / d^2`. The windows `f`:
    ///
    /// - `strukov`: `w (1 - w)`;
    /// - `joglekar`: `1 - (2 w - 1)^(2 p_w)` (Joglekar and Wolf 2009);
    /// - `prodromakis`: `j (1 - ((w - 0.5)^2 + 0.75)^p_w)` (Prodromakis 2011);
    /// - `biolek`: `1 - (w - stp(-i))^(2 p_w)` (Biolek 2009);
    /// - `zha`: `j (1 - (0.25 (w - stp(-i))^2 + 0.75)^p_w)` (Zha 2016).
    ///
    /// The first three vanish at both ends, where `w` in floating point sticks. Under them the state is
    /// `x = ln(w / (1 - w))`, whose rate `k i f / (w (1 - w))` is finite everywhere: it integrates charge (Biolek, Di Ventra,
    /// Pershin 2013) and comes back from a wall with the charge that it went there by. Under the last two the state is `w`.
    pub struct Hp = "hp": "HP linear ion drift, five windows";
    source: "D. B. Strukov, G. S. Snider, D. R. Stewart, R. S. Williams, Nature 453, 80-83, 2008, doi 10.1038/nature06932; windows: Y. N. Joglekar, S. J. Wolf, Eur. J. Phys. 30, 661, 2009; Z. Biolek, D. Biolek, V. Biolkova, Radioengineering 18(2), 210, 2009; T. Prodromakis et al., IEEE TED 58(9), 3099, 2011; J. Zha, H. Huang, Y. Liu, IEEE TCAS-II 63(5), 423, 2016";
    licence: "equations and parameters from the papers; text of memloom";
    states { x "": "doped part w under biolek and zha, ln(w/(1-w)) under the others"; }
    parameters {
        r_on: Resistance, 1.0..=1e9, "resistance of the device all doped";
        r_off: Resistance, 1.0..=1e12, "resistance of the device all undoped";
        d: Length, 1e-10..=1e-6, "thickness of the oxide";
        mobility: Mobility, 1e-20..=1e-8, "of the dopants";
        window: Number, 0.0..=4.0, ["strukov", "joglekar", "prodromakis", "biolek", "zha"], "what slows the boundary at the ends";
        p_w: Number, 1.0..=100.0, "exponent of the window";
        j: Number, 1e-3..=1e3, "scale of prodromakis and zha";
    }
    sets {
        STRUKOV "strukov" "Strukov 2008: ratio 160, 10 nm" {
            r_on: 100.0, r_off: 16e3, d: 10e-9, mobility: 1e-14, window: 0.0, p_w: 1.0, j: 1.0
        }
        JOGLEKAR "joglekar" "D. Biolek, M. Di Ventra, Y. V. Pershin, Radioengineering 22(4), 945, 2013: deck R.1" {
            r_on: 100.0, r_off: 10e3, d: 10e-9, mobility: 1e-14, window: 1.0, p_w: 1.0, j: 1.0
        }
        PRODROMAKIS "prodromakis" "Prodromakis 2011 window on Strukov's device" {
            window: 2.0, p_w: 2.0, ..Self::STRUKOV
        }
        BIOLEK "biolek" "Biolek 2009: SPICE model" {
            r_on: 1e3, r_off: 100e3, d: 10e-9, mobility: 1e-14, window: 3.0, p_w: 1.0, j: 1.0
        }
        ZHA "zha" "Zha 2016 window on Strukov's device" {
            window: 4.0, p_w: 2.0, ..Self::STRUKOV
        }
    }
}

/// Least `z` of [`Hp::slowing`]: below it the rounding of `1 - (1 - z)^p` outgrows what the limit leaves out.
const Z_MIN: f64 = 1e-8;

/// Largest `x` that programming asks for: beyond it `1 - w` is below the rounding of 1.
const X_MAX: f64 = 36.0;

impl Hp {
    /// Whether the state is `ln(w / (1 - w))`.
    fn is_logit(&self) -> bool {
        self.window < 2.5
    }

    /// The doped and the undoped part, each to its own last digit.
    fn parts(&self, x: f64) -> (f64, f64) {
        if self.is_logit() {
            return (1.0 / (1.0 + exp(-x)), 1.0 / (1.0 + exp(x)));
        }
        let w = x.clamp(0.0, 1.0);
        (w, 1.0 - w)
    }

    /// `(1 - (1 - z)^p_w) / z`, which tends to `p`: what is left of a window over `w (1 - w)`.
    fn slowing(z: f64, p: f64) -> f64 {
        let z = z.max(Z_MIN);
        (1.0 - (1.0 - z).max(0.0).powf(p)) / z
    }

    /// The window over `dw/dx`: the rate of the state over `k i`.
    fn window(&self, v: f64, x: f64) -> f64 {
        let (w, u) = self.parts(x);
        // At the other end than the one the state leaves.
        let from = x - positive(-v);
        match self.window as u8 {
            0 => 1.0,
            1 => 4.0 * Self::slowing(4.0 * w * u, self.p_w),
            2 => self.j * Self::slowing(w * u, self.p_w),
            3 => 1.0 - (from * from).powf(self.p_w),
            _ => self.j * (1.0 - (0.25 * from * from + 0.75).powf(self.p_w)),
        }
    }

    /// `mobility r_on / d^2`, the inverse of the charge that moves the boundary all the way, 1/C.
    fn k(&self) -> f64 {
        self.mobility * self.r_on / (self.d * self.d)
    }
}

impl Model for Hp {
    fn bounds(&self) -> Vec<(f64, f64)> {
        if self.is_logit() { vec![(f64::NEG_INFINITY, f64::INFINITY)] } else { vec![(0.0, 1.0)] }
    }

    fn initial(&self) -> Vec<f64> {
        // A tenth is doped.
        vec![if self.is_logit() { (0.1f64 / 0.9).ln() } else { 0.1 }]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        let (w, u) = self.parts(x[0]);
        v / (self.r_on * w + self.r_off * u)
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        dx[0] = self.k() * self.current(v, x) * self.window(v, x[0]);
    }

    /// 1 V, long enough for the charge that `r_off` lets pass to move the boundary at half way.
    fn sweep(&self) -> Sweep {
        let fastest = if self.is_logit() { 0.25 * self.window(1.0, 0.0) } else { self.window(1.0, 0.5) };
        Sweep { up: 1.0, down: -1.0, period: 1.5 * self.r_off / (self.k() * fastest) }
    }

    fn check(&self) -> Result<(), String> {
        ordered_resistances(self.r_on, self.r_off)
    }

    fn closed_state(&self, g: f64, _v: f64) -> Option<Vec<f64>> {
        let w = (self.r_off - 1.0 / g) / (self.r_off - self.r_on);
        let u = (1.0 / g - self.r_on) / (self.r_off - self.r_on);
        let logit = (w.max(0.0) / u.max(0.0)).ln().clamp(-X_MAX, X_MAX);
        Some(vec![if self.is_logit() { logit } else { w }])
    }

    fn spanning(&self, g_min: f64, g_max: f64) -> Option<Device> {
        Some(Self { r_on: 1.0 / g_max, r_off: 1.0 / g_min, ..*self }.into())
    }

    fn constants(&self) -> Vec<(&'static str, f64)> {
        vec![("z_min", Z_MIN)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows at `w = 0.25`, `p_w = 2`, for currents of either sign.
    #[test]
    fn windows_are_those_of_the_papers() {
        for (set, up, down) in [
            (Hp::STRUKOV, 0.1875, 0.1875),
            (Hp::JOGLEKAR, 0.937_500, 0.937_500),
            (Hp::BIOLEK, 0.996_093_75, 0.683_593_75),
            (Hp::PRODROMAKIS, 0.339_843_75, 0.339_843_75),
            (Hp::ZHA, 0.413_818_359_375, 0.206_787_109_375),
        ] {
            let hp = Hp { p_w: 2.0, ..set };
            let (x, moved) = if hp.is_logit() { ((1f64 / 3.0).ln(), 0.1875) } else { (0.25, 1.0) };
            for (v, wanted) in [(1.0, up), (-1.0, down)] {
                let f = hp.window(v, x) * moved;
                assert!((f - wanted).abs() < 1e-9, "{f} for {wanted}");
            }
        }
    }

    /// The exact response of Joglekar's window with `p_w = 1` to a charge (Biolek 2013, equation 11).
    #[test]
    fn charge_gives_the_closed_resistance() {
        let hp = Hp::JOGLEKAR;
        let (q, r_start) = (66.294_175e-6, 5e3);
        let x = hp.closed_state(1.0 / r_start, 1.0).unwrap()[0] + 4.0 * hp.k() * q;
        let r = 1.0 / hp.current(1.0, &[x]);
        assert!((r - 740.0128).abs() < 1e-3, "{r}");
    }

    #[test]
    fn a_wall_gives_the_charge_back() {
        for hp in [Hp::STRUKOV, Hp::JOGLEKAR, Hp { p_w: 10.0, ..Hp::PRODROMAKIS }] {
            let rate = |v: f64, x: f64| {
                let mut dx = [0.0];
                hp.rate(v, &[x], &mut dx);
                dx[0]
            };
            assert!((rate(1.0, 60.0) / rate(-1.0, 60.0) + 1.0).abs() < 1e-6);
            assert!(rate(-1.0, 60.0) < 0.0 && rate(1.0, -60.0) > 0.0);
        }
    }
}
