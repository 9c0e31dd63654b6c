//! JART VCM v1b, the deterministic model.

use crate::physics::{EPS_0, H, K_B_EV, M_E, Q};
use crate::smooth::{exp_to, step};
use crate::table::model;
use crate::{Model, Sweep, V_MAX};
use roots::{SimpleConvergency, find_root_brent};
use std::f64::consts::{FRAC_PI_2, PI};

/// Unit of the state, vacancies per m3.
const UNIT: f64 = 1e26;
/// Its inverse.
const PER_UNIT: f64 = 1e-26;
/// Width of the zones at zero voltage, at flat bands and at a vanishing barrier, V.
const ZONE: f64 = 1e-3;
/// Exponent beyond which a current goes on straight.
const STEEP: f64 = 60.0;
/// Volts that keep the slope of the field emission's root finite where the barrier is gone.
const STEEPEST: f64 = 1e-12;
/// Steps in which a forward junction is searched for its first operating point.
const SEARCH: u32 = 400;

model! {
    /// JART VCM v1b: a disc of oxygen vacancies at a Schottky contact, in series with plug, oxide and line, with Joule
    /// heating. SET at negative voltage.
    ///
    /// Equations of Bengel et al. 2020: thermionic emission forward, thermionic field emission backward, both over a
    /// barrier that image forces lower; hopping of vacancies by the field in disc or cell. Temperature is eliminated: it
    /// follows the power at once.
    ///
    /// **A junction capacitance** `c_junction` is added: the voltage of the junction is a state of its own. The published series
    /// connection has up to three operating points in LRS at positive voltage, for the barrier comes back when the
    /// junction nears flat bands, and its current falls by a factor of 100 within a few mV. The capacitance makes the
    /// device follow one of them in time, and only one; it is of the order of that of the disc.
    ///
    /// Other departures, each within 1 mV: the fourth root of the band bending has a finite slope at flat bands; the barrier's
    /// fall to 0 is rounded; thermionic emission gives way to field emission smoothly; the laws for positive
    /// and negative terminal voltage are blended. Where the field takes a hop's barrier away, it stays away.
    pub struct Jart = "jart": "JART VCM v1b: Schottky contact, vacancies in a disc, Joule heating";
    source: "C. Bengel et al., Variability-Aware Modeling of Filamentary Oxide-Based Bipolar Resistive Switching Cells Using SPICE Level Compact Models, IEEE TCAS-I 67(12), 4618-4630, 2020, doi 10.1109/TCSI.2020.3018502";
    licence: "equations and parameters from the paper; text of memloom, not of the JART Verilog-A";
    states {
        density "1e26/m3": "concentration of oxygen vacancies in the disc";
        junction "V" settles: "voltage of the Schottky contact";
    }
    parameters {
        a_star: RichardsonConstant, 1e3..=1e8, "effective Richardson constant";
        z: Number, 1.0..=4.0, "charge number of a vacancy";
        t_0: Temperature, 100.0..=1000.0, "ambient temperature";
        eps: Number, 1.0..=200.0, "static dielectric constant of the oxide";
        eps_phib: Number, 1.0..=200.0, "dielectric constant of barrier lowering";
        phi_b0: Energy, 0.05..=2.0, "height of the Schottky barrier";
        phi_n: Energy, 0.0..=1.9, "conduction band above the Fermi level in the oxide";
        mu_n: Mobility, 1e-9..=1e-2, "mobility of electrons";
        n_min: Density, 1e22..=1e27, "least concentration in the disc";
        n_max: Density, 1e24..=1e29, "greatest concentration in the disc";
        n_plug: Density, 1e24..=1e29, "concentration in the plug";
        a: Length, 1e-11..=1e-9, "distance of a vacancy's hop";
        nu: Rate, 1e8..=1e16, "attempt rate of a hop";
        w_a: Energy, 0.3..=3.0, "activation energy of a hop";
        r_th: ThermalResistance, 0.0..=1e9, "thermal resistance at negative voltage";
        r_th_scale: Number, 0.0..=1.0, "thermal resistance at positive voltage over that at negative";
        radius: Length, 1e-9..=1e-6, "radius of filament and disc";
        l_cell: Length, 1e-9..=1e-7, "length of disc and plug";
        l_disc: Length, 1e-10..=1e-7, "length of the disc";
        r_tiox: Resistance, 0.0..=1e9, "resistance of the titanium oxide";
        r_0: Resistance, 1.0..=1e6, "resistance of the line at ambient temperature";
        r_th_line: ThermalResistance, 1.0..=1e9, "thermal resistance of the line";
        alpha_line: InverseTemperature, 1e-6..=0.1, "temperature coefficient of the line";
        c_junction: Capacitance, 1e-18..=1e-12, "capacitance of the junction";
    }
    sets {
        BENGEL "bengel" "C. Bengel et al., IEEE TCAS-I 67(12), 2020, table I, doi 10.1109/TCSI.2020.3018502; c_junction of memloom" {
            a_star: 6.01e5, z: 2.0, t_0: 293.0, eps: 17.0, eps_phib: 5.5, phi_b0: 0.18, phi_n: 0.1, mu_n: 4e-6,
            n_min: 0.008e26, n_max: 20e26, n_plug: 20e26, a: 0.25e-9, nu: 2e13, w_a: 1.35, r_th: 15.72e6,
            r_th_scale: 0.27, radius: 45e-9, l_cell: 3e-9, l_disc: 0.4e-9, r_tiox: 650.0, r_0: 719.2437,
            r_th_line: 90471.47, alpha_line: 3.92e-3, c_junction: 1e-15
        }
    }
}

/// What flows and drops at a terminal voltage and a state.
struct Point {
    /// Current through disc, plug, oxide and line, A.
    series: f64,
    /// Current through the Schottky contact, A.
    junction: f64,
    /// Share of the law for positive terminal voltage.
    forward: f64,
    /// Field that moves the vacancies, V/m.
    field: f64,
    /// Thermal energy, eV.
    kt: f64,
}

impl Jart {
    fn area(&self) -> f64 {
        PI * self.radius * self.radius
    }

    /// Resistance of `length` metres of filament with `n` [`UNIT`] vacancies.
    fn filament(&self, length: f64, n: f64) -> f64 {
        length / (n * UNIT * self.z * Q * self.mu_n * self.area())
    }

    /// The concentration, held between half of its least and twice its greatest value, [`UNIT`].
    fn near(&self, n: f64) -> f64 {
        n.clamp(0.5 * self.n_min * PER_UNIT, 2.0 * self.n_max * PER_UNIT)
    }

    /// Current of `u` volts across disc, plug, oxide and line, the line heating itself: `u = r i + cubic i^3`, A.
    fn series(&self, u: f64, r_filament: f64) -> f64 {
        let r = r_filament + self.r_tiox + self.r_0;
        let cubic = self.r_0 * self.r_0 * self.alpha_line * self.r_th_line;
        let scale = (r / (3.0 * cubic)).sqrt();
        2.0 * scale * ((1.5 * u / (r * scale)).asinh() / 3.0).sinh()
    }

    /// Height of the barrier at `v` volts across the contact, eV.
    fn barrier(&self, v: f64, n: f64) -> f64 {
        let bending = self.phi_b0 - self.phi_n - v;
        let u = (bending / ZONE).clamp(0.0, 1.0);
        // Of degree 3, so that value and slope meet those of the fourth root at 1 mV and are 0 at flat bands.
        let flat = u * u * (2.75 - 1.75 * u);
        let image = lowering() * self.z * n / self.eps_phib.powi(3) * bending.max(ZONE);
        let height = self.phi_b0 - image.powf(0.25) * flat;
        let u = 1.0 + (height / ZONE).clamp(-1.0, 1.0);
        height.max(ZONE) - ZONE + 0.25 * ZONE * u * u
    }

    /// Current of `v` volts across the contact at thermal energy `kt` eV, A.
    fn junction(&self, v: f64, n: f64, kt: f64) -> f64 {
        let phi = self.barrier(v, n);
        let t = kt / K_B_EV;
        let emission = t * t * (exp_to((v - phi) / kt, STEEP) - (-phi / kt).exp());
        // The laws pass into each other above 0 V, where the one that takes over is the larger one in HRS: below, current
        // would fall with voltage, and a DC analysis would find several operating points.
        let share = step(v / ZONE);
        let density = if share < 1.0 {
            let w_00 = tunnelling() * (self.z * n / self.eps).sqrt();
            let w = w_00 / kt;
            let back =
                exp_to(((w - w.tanh()) * -v - phi * w.tanh()) / w_00, STEEP) - (-phi * w.tanh() / w_00).exp();
            share * emission
                - (1.0 - share) * t / K_B_EV
                    * (PI * w_00 * (phi * (1.0 - w.tanh().powi(2)) + (-v).max(0.0) + STEEPEST)).sqrt()
                    * back
        } else {
            emission
        };
        self.area() * self.a_star * density
    }

    /// Everything at `v` volts across the device and state `x`.
    fn point(&self, v: f64, x: &[f64]) -> Point {
        let (n, contact) = (self.near(x[0]), x[1]);
        let disc = self.filament(self.l_disc, n);
        let both = disc + self.filament(self.l_cell - self.l_disc, self.n_plug * PER_UNIT);
        let series = self.series(v - contact, both);
        let forward = step(0.5 + 0.5 * v / ZONE);
        let cell = contact + series * both;
        let r_th = self.r_th * (1.0 - (1.0 - self.r_th_scale) * forward);
        let kt = K_B_EV * (self.t_0 + (series * cell).max(0.0) * r_th);
        let field = forward * cell / self.l_cell + (1.0 - forward) * series * disc / self.l_disc;
        Point { series, junction: self.junction(contact, n, kt), forward, field, kt }
    }

    /// Rate of the concentration, [`UNIT`] per second.
    fn hopping(&self, at: &Point, n: f64) -> f64 {
        let (low, high, plug) = (self.n_min * PER_UNIT, self.n_max * PER_UNIT, self.n_plug * PER_UNIT);
        let gamma = self.z * self.a * at.field / (PI * self.w_a);
        // With g = gamma below 1 this is the paper's; beyond, the tangent, along which the lower barrier stays 0.
        let g = gamma.abs().min(1.0 - 1e-9);
        let mean = self.w_a * ((1.0 - g * g).sqrt() + g * g.asin() + (gamma.abs() - g) * FRAC_PI_2);
        let tilt = self.w_a * gamma * FRAC_PI_2;
        let net = ((tilt - mean) / at.kt).exp() - (-(tilt + mean) / at.kt).exp();
        let limit =
            at.forward * (1.0 - (low / n).powi(10)) + (1.0 - at.forward) * (1.0 - (n / high).powi(10));
        -0.5 * (plug + n) * self.a * self.nu / self.l_disc * net * limit
    }
}

/// Image forces lower a barrier by the fourth root of this times `z n psi / eps_phib^3`, V^3.
fn lowering() -> f64 {
    Q.powi(3) * UNIT / (8.0 * PI * PI * EPS_0.powi(3))
}

/// Tunnelling energy `W_00` of `n z / eps = 1`, eV.
fn tunnelling() -> f64 {
    H / (4.0 * PI) * (UNIT / (M_E * EPS_0)).sqrt()
}

impl Model for Jart {
    fn bounds(&self) -> Vec<(f64, f64)> {
        vec![(self.n_min * PER_UNIT, self.n_max * PER_UNIT), (-V_MAX, V_MAX)]
    }

    fn initial(&self) -> Vec<f64> {
        vec![self.n_min * PER_UNIT, 0.0]
    }

    fn current(&self, v: f64, x: &[f64]) -> f64 {
        self.point(v, x).series
    }

    fn rate(&self, v: f64, x: &[f64], dx: &mut [f64]) {
        let at = self.point(v, x);
        dx[0] = self.hopping(&at, self.near(x[0]));
        dx[1] = (at.series - at.junction) / self.c_junction;
    }

    /// The junction at the operating point that it meets first on its way from 0 V.
    fn settle(&self, v: f64, x: &mut [f64]) {
        let excess = |contact: f64| {
            let at = self.point(v, &[x[0], contact]);
            at.series - at.junction
        };
        let turn = v.min(self.phi_b0 - self.phi_n);
        let mut from = 0.0;
        let mut to = v;
        // Backward, and beyond flat bands, there is one operating point; before them the current peaks.
        for step in 1..=SEARCH {
            let next = turn * f64::from(step) / f64::from(SEARCH);
            if v <= 0.0 || excess(next) <= 0.0 {
                to = if v <= 0.0 { v } else { next };
                break;
            }
            from = next;
        }
        let mut tolerance = SimpleConvergency { eps: 1e-15 * v.abs(), max_iter: 200 };
        x[1] = find_root_brent(from, to, excess, &mut tolerance).unwrap_or(0.0);
    }

    fn constants(&self) -> Vec<(&'static str, f64)> {
        vec![
            ("k_b", K_B_EV),
            ("q", Q),
            ("unit", UNIT),
            ("lowering", lowering()),
            ("tunnelling", tunnelling()),
            ("zone", ZONE),
            ("steep", STEEP),
        ]
    }

    fn sweep(&self) -> Sweep {
        Sweep { up: 1.5, down: -0.8, period: 1e-3 }
    }

    fn check(&self) -> Result<(), String> {
        let rising = [
            ("n_min", self.n_min, "n_max", self.n_max),
            ("l_disc", self.l_disc, "l_cell", self.l_cell),
            ("phi_n", self.phi_n, "phi_b0", self.phi_b0 - 2.0 * ZONE),
        ];
        match rising.into_iter().find(|(_, low, _, high)| low >= high) {
            None => Ok(()),
            Some((less, low, more, _)) => {
                Err(format!("`{less} = {low:e}` is not below `{more}`; give it a smaller value"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(v: f64, n: f64) -> [f64; 2] {
        let mut x = [n, 0.0];
        Jart::BENGEL.settle(v, &mut x);
        x
    }

    /// From the paper's equations, solved apart by bisection.
    #[test]
    fn resistances_at_minus_a_fifth_of_a_volt() {
        for (n, ohms, contact) in [
            (0.008, 104727.83644488628, -0.07997913883198169),
            (20.0, 1589.384073145144, -0.004187594151702325),
        ] {
            let x = settled(-0.2, n);
            let given = -0.2 / Jart::BENGEL.current(-0.2, &x);
            assert!((given / ohms - 1.0).abs() < 1e-9, "{given} ohm at {n}");
            assert!((x[1] - contact).abs() < 1e-9, "{} V at {n}", x[1]);
        }
    }

    /// Of the three operating points in LRS at 0.2 V, the first: 7.76 mV, 1618.8 ohm.
    #[test]
    fn the_junction_settles_where_it_comes_first() {
        let x = settled(0.2, 20.0);
        assert!((x[1] - 0.0077619953413848855).abs() < 1e-9, "{}", x[1]);
        assert!((0.2 / Jart::BENGEL.current(0.2, &x) / 1618.8275415150595 - 1.0).abs() < 1e-9);
    }

    /// At every voltage of either sign: several operating points would leave a DC analysis a choice.
    #[test]
    fn below_flat_bands_there_is_one_operating_point() {
        for n in [0.008, 0.05, 0.4, 3.0, 20.0] {
            for v in [-1.0, -0.1, -0.01, -5e-3, -1e-3, -1e-5, 1e-5, 1e-3, 0.01, 0.07] {
                let rest = |k: i32| {
                    let mut dx = [0.0; 2];
                    Jart::BENGEL.rate(v, &[n, v * f64::from(k) / 4000.0], &mut dx);
                    dx[1] * v.signum() > 0.0
                };
                let turns = (1..=4000).filter(|k| rest(*k) != rest(k - 1)).count();
                assert_eq!(turns, 1, "{n} at {v} V");
            }
        }
    }

    #[test]
    fn vacancies_come_at_negative_voltage_and_go_at_positive() {
        for (v, n, sign) in [(-1.0, 0.01, 1.0), (1.5, 15.0, -1.0)] {
            let mut dx = [0.0; 2];
            Jart::BENGEL.rate(v, &settled(v, n), &mut dx);
            assert!(dx[0] * sign > 0.0, "{} at {v} V", dx[0]);
        }
        for (v, n) in [(-1.0, 20.0), (1.5, 0.008)] {
            let mut dx = [f64::NAN; 2];
            Jart::BENGEL.rate(v, &settled(v, n), &mut dx);
            assert!(dx[0].abs() < 1e-12, "{} at the bound, {v} V", dx[0]);
        }
    }
}
