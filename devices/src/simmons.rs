//! The Simmons tunnel barrier of Pickett et al.

use crate::physics::{IMAGE, TUNNEL, decay};
use crate::smooth::{OVERSHOOT, exp_to, stop};
use crate::table::model;
use crate::{Model, Sweep};
use roots::{SimpleConvergency, find_root_brent};

/// Narrowest barrier at the Fermi level, nm, that the tunnel equation is used for. Towards it the equation's current
/// peaks and turns negative; its voltage is held there and current goes on in proportion to voltage.
const NARROW: f64 = 0.45;
/// Half the width of the zone in which the voltage is held, volts.
const KNEE: f64 = 0.02;
/// Exponent beyond which the barrier's velocity grows linearly, 3 m/s at negative current: the published one has no limit
/// and passes that of light at -1 V and 1.2 nm.
const FAST: f64 = 12.0;
/// Exponent beyond which the inner exponential, and with it the state, stands still.
const STILL: f64 = 7.0;
/// Lowest barrier, eV: reached only with parameters far from published ones.
const FLAT: f64 = 1e-3;

model! {
    /// Simmons tunnel barrier: a barrier of moving width `w` in series with a resistor.
    ///
    /// The current is that of Simmons' trapezoidal barrier with image forces (Pickett 2009, equation 1; its voltage is
    /// `v - i r_s`), and with `i` the size of the current
    /// `dw/dt = f_off sinh(i/i_off) exp(-exp((w - a_off)/w_c - i/b) - w/w_c)` at positive voltage,
    /// `-f_on sinh(i/i_on) exp(-exp((a_on - w)/w_c - i/b) - w/w_c)` at negative voltage.
    ///
    /// Beyond the voltage at which the barrier is 0.45 nm wide at the Fermi level (about 1.0 V at `w` = 1.2 nm, 1.2 V at
    /// 1.8 nm), where the equation for the current no longer holds, current is proportional to voltage. The logarithm of
    /// the velocity is summed before it is raised; where its exponent passes 12, the velocity goes on straight. The
    /// publication bounds the state softly only; here `w_min` and `w_max` do.
    pub struct Simmons = "simmons": "Simmons tunnel barrier: Pickett's TiO2 device with its series resistance";
    source: "M. D. Pickett et al., Switching dynamics in titanium dioxide memristive devices, J. Appl. Phys. 106, 074508, 2009, doi 10.1063/1.3236506; H. Abdalla, M. D. Pickett, SPICE modeling of memristors, ISCAS 2011, doi 10.1109/ISCAS.2011.5937942";
    licence: "equations and parameters from the papers; text of memloom";
    states { w "nm": "width of the tunnel barrier"; }
    parameters {
        f_off: Speed, 1e-12..=1.0, "velocity scale at positive current";
        i_off: Current, 1e-9..=1.0, "current scale of the velocity at positive current";
        a_off: Length, 1e-10..=1e-8, "width at which positive current stops widening";
        f_on: Speed, 1e-12..=1.0, "velocity scale at negative current";
        i_on: Current, 1e-9..=1.0, "current scale of the velocity at negative current";
        a_on: Length, 1e-10..=1e-8, "width at which negative current stops narrowing";
        b: Current, 1e-9..=1.0, "current by which the stopping widths move";
        w_c: Length, 1e-11..=1e-9, "width scale of the velocity";
        phi_0: Energy, 0.5..=5.0, "barrier height";
        kappa: Number, 2.0..=100.0, "dielectric constant";
        area: Area, 1e-20..=1e-8, "area of the barrier";
        r_s: Resistance, 1e-3..=1e9, "series resistance";
        w_min: Length, 0.7e-9..=1e-8, "least width";
        w_max: Length, 0.7e-9..=1e-8, "greatest width";
    }
    sets {
        PICKETT "pickett" "M. D. Pickett et al., J. Appl. Phys. 106, 074508, 2009, doi 10.1063/1.3236506" {
            f_off: 3.5e-6, i_off: 115e-6, a_off: 1.2e-9, f_on: 40e-6, i_on: 8.9e-6, a_on: 1.8e-9, b: 500e-6,
            w_c: 107e-12, phi_0: 0.95, kappa: 5.0, area: 1e-14, r_s: 215.0, w_min: 1.2e-9, w_max: 1.8e-9
        }
    }
}

impl Simmons {
    /// The range of the width, nm.
    fn range(&self) -> (f64, f64) {
        (self.w_min * 1e9, self.w_max * 1e9)
    }

    /// The width, held near its range, nm.
    fn near(&self, w: f64) -> f64 {
        let (low, high) = self.range();
        let slack = OVERSHOOT * (high - low);
        w.clamp(low - slack, high + slack)
    }

    /// Image potential of a barrier `w` nm wide, eV.
    fn image(&self, w: f64) -> f64 {
        IMAGE / (self.kappa * w)
    }

    /// Voltage at which the barrier of width `w` nm is [`NARROW`] at the Fermi level.
    fn held(&self, w: f64) -> f64 {
        let image = self.image(w);
        1.5 * self.phi_0 + 2.0 * image - 4.6 * image / (1.0 - NARROW / w)
    }

    /// Current through the barrier of width `w` nm at `v >= 0` volts across it, A.
    fn tunnel(&self, v: f64, w: f64) -> f64 {
        let held = self.held(w);
        let past = ((v - held) / KNEE).clamp(-1.0, 1.0) + 1.0;
        let u = v.min(held + KNEE) - 0.25 * KNEE * past * past;

        let image = self.image(w);
        let w_1 = 1.2 * image * w / self.phi_0;
        let width = w * (1.0 - 9.2 * image / (3.0 * self.phi_0 + 4.0 * image - 2.0 * u));
        let log = ((width + w_1) * (w - w_1) / (w_1 * (w - w_1 - width))).ln();
        let phi = self.phi_0 - u * (width + 2.0 * w_1) / (2.0 * w) - 1.15 * image * w / width * log;
        let phi = phi.max(FLAT);
        let wave = |barrier: f64| barrier * (-decay() * width * barrier.sqrt()).exp();
        let current = TUNNEL * self.area / (width * width) * (wave(phi) - wave(phi + u));
        current * (1.0 + (v - u) / (u + 1e-12))
    }

    /// Size of the current at `v` volts across barrier and resistor, A.
    fn size(&self, v: f64, w: f64) -> f64 {
        let v = v.abs();
        let w = self.near(w);
        let excess = |u: f64| u + self.r_s * self.tunnel(u, w) - v;
        let mut tolerance = SimpleConvergency { eps: 1e-15 * v, max_iter: 200 };
        // At 0 V both ends are roots; else the ends differ in sign.
        let across = find_root_brent(0.0, v, excess, &mut tolerance).unwrap_or(0.0);
        self.tunnel(across, w)
    }
}

impl Model for Simmons {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![self.range()]
    }

    fn initial(&self) -> Vec<f64> {
        vec![self.range().0]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        self.size(v, x[0]).copysign(v)
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let w = self.near(x[0]);
        let i = self.size(v, w);
        let (low, high) = self.range();
        let w_c = self.w_c * 1e9;
        let (f, scale, inner, room) = if v >= 0.0 {
            (self.f_off, self.i_off, (w - self.a_off * 1e9) / w_c, high - x[0])
        } else {
            (-self.f_on, self.i_on, (self.a_on * 1e9 - w) / w_c, x[0] - low)
        };
        // sinh(u) = e^u (1 - e^-2u) / 2: the exponents add up before they are raised.
        let u = i / scale;
        let exponent = u - (inner - i / self.b).min(STILL).exp() - w / w_c;
        let speed = 0.5e9 * f * (1.0 - (-2.0 * u).exp()) * exp_to(exponent, FAST);
        dx[0] = speed * stop(room / (high - low));
    }

    fn constants(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("image_1", IMAGE),
            ("tunnel", TUNNEL),
            ("decay", decay()),
            ("narrow", NARROW),
            ("knee", KNEE),
            ("fast", FAST),
            ("still", STILL),
            ("flat", FLAT),
        ]
    }

    /// Low enough for the width to move by some hundredths of a nanometre: above, it depends on the logarithm of time.
    fn sweep(&self) -> Sweep {
        Sweep { up: 0.6, down: -0.76, period: 1.0 }
    }

    fn check(&self) -> Result<(), String> {
        let (low, high) = self.range();
        if low >= high {
            return Err(format!("`w_min = {low} nm` is not below `w_max = {high} nm`; exchange them"));
        }
        let least = self.near(0.0);
        let image = self.image(least);
        if least > NARROW && 1.2 * image < self.phi_0 && self.held(least) > 2.0 * KNEE {
            return Ok(());
        }
        let (phi, kappa) = (self.phi_0, self.kappa);
        Err(format!(
            "image forces take the barrier away: `w_min = {low} nm`, `phi_0 = {phi} eV`, `kappa = {kappa}`; give one a larger value"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the equations at 30 digits, the voltage of the barrier by bisection.
    #[test]
    fn resistances_and_currents() {
        let cases = [
            (1.2, 3157.210224, 1.21730409e-3),
            (1.5, 46186.61685, 4.414872445e-4),
            (1.8, 796485.2865, 1.018806913e-4),
        ];
        for (w, ohms, amperes) in cases {
            let given = 0.1 / Simmons::PICKETT.current(0.1, &[w]);
            assert!((given / ohms - 1.0).abs() < 1e-9, "{given} at {w} nm");
            for sign in [1.0, -1.0] {
                let given = sign * Simmons::PICKETT.current(sign, &[w]);
                assert!((given / amperes - 1.0).abs() < 1e-8, "{given} at {w} nm");
            }
        }
    }

    #[test]
    fn current_rises_with_voltage_at_every_width() {
        for w in [1.2, 1.3, 1.5, 1.7, 1.8] {
            let current = |k: i32| Simmons::PICKETT.tunnel(f64::from(k) * 0.005, w);
            assert!((1..1000).all(|k| current(k) > current(k - 1)), "{w} nm");
        }
    }

    #[test]
    fn a_barrier_that_image_forces_take_away_is_refused() {
        let thin = crate::Device::from(Simmons { kappa: 2.0, w_min: 0.8e-9, ..Simmons::PICKETT });
        assert!(thin.validate().unwrap_err().to_string().contains("`kappa = 2`"));
    }
}
