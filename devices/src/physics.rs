//! Physical constants, SI (CODATA 2018), and those in which models combine them.

use std::f64::consts::{LN_2, PI};

/// Elementary charge, C.
pub(crate) const Q: f64 = 1.602176634e-19;
/// Boltzmann constant, J/K.
pub(crate) const K_B: f64 = 1.380649e-23;
/// Boltzmann constant, eV/K.
pub(crate) const K_B_EV: f64 = K_B / Q;
/// Planck constant, J s.
pub(crate) const H: f64 = 6.62607015e-34;
/// Electron mass, kg.
pub(crate) const M_E: f64 = 9.1093837015e-31;
/// Permittivity of vacuum, F/m.
pub(crate) const EPS_0: f64 = 8.8541878128e-12;

/// Simmons' image potential of a barrier 1 nm wide with dielectric constant 1, `q ln 2 / (8 pi eps_0)`, eV.
pub(crate) const IMAGE: f64 = Q * LN_2 / (8.0 * PI * EPS_0) * 1e9;
/// Simmons' tunnel current density through a barrier 1 nm wide and 1 eV high, `q^2 / (2 pi h)`, A/nm2 times nm2/eV
/// per m2 of area.
pub(crate) const TUNNEL: f64 = Q * Q / (2.0 * PI * H) * 1e18;

/// Simmons' decay of a wave function in a barrier 1 eV high, `4 pi sqrt(2 m q) / h`, 1/nm.
pub(crate) fn decay() -> f64 {
    4.0 * PI * (2.0 * M_E * Q).sqrt() / H * 1e-9
}
