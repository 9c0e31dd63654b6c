//! How well the data settle each parameter.

use crate::axis::{Axis, Moves};
use crate::problem::Problem;
use memloom_devices::{Device, Dimension};
use nalgebra::{DMatrix, DVector};
use rayon::prelude::*;

/// Smallest singular value, over the largest, of a combination of parameters that shows in the data.
const SHOWS: f64 = 1e-4;
/// Change of a current, over the span, by a whole range of a parameter, below which it has no effect.
const NO_EFFECT: f64 = 1e-9;
/// Share of a parameter in a combination that does not show, from which it is part of it.
const PART: f64 = 0.02;
/// Standard error, over the value, above which data say nothing of it.
const LOOSE: f64 = 0.2;

/// Parts of the data of which one is left out.
const PARTS: usize = 8;
/// Work that a fit to the others may take.
const PART_WORK: u64 = 2_000_000;

/// What is to be known of a parameter beside its value.
#[derive(Debug, Clone, PartialEq)]
pub enum Remark {
    /// It was not fitted.
    Fixed,
    /// It is at the `lowest` or `highest` value of its range.
    AtBound(&'static str),
    /// No current depends on it.
    NoEffect,
    /// Only a combination of it with these others shows in the data.
    Tied(Vec<String>),
    /// Its standard error is more than a fifth of its value.
    Loose,
}

impl Remark {
    /// Whether the value is in doubt.
    pub fn is_doubt(&self) -> bool {
        *self != Self::Fixed
    }
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Fixed => write!(f, "fixed"),
            Self::AtBound(end) => write!(f, "at the {end} value of its range"),
            Self::NoEffect => write!(f, "has no effect on these data"),
            Self::Tied(others) => write!(f, "cannot be told from {}: fix one", others.join(", ")),
            Self::Loose => write!(f, "not settled by these data"),
        }
    }
}

/// A parameter after a fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// Its name; `x_0` is the state `x` at the start.
    pub name: String,
    /// What it measures.
    pub dimension: Dimension,
    /// Its value, SI.
    pub value: f64,
    /// Its value as a user writes it.
    pub text: String,
    /// Its standard error, SI, where the data give one: of their noise, and of what the model misses.
    pub error: Option<f64>,
    /// What else is to be known.
    pub remark: Option<Remark>,
}

/// All parameters of `device`, and its start. `doubtful` is whether the model misses more than noise.
pub(crate) fn estimates(
    problem: &Problem<'_>,
    at: &[f64],
    (device, start): (&Device, &[f64]),
    doubtful: bool,
) -> Vec<Estimate> {
    let (spec, mut free) = (device.spec(), judge(problem, at));
    if doubtful {
        let moved = jackknife(problem, at);
        for ((axis, q), ((error, remark), moved)) in
            problem.axes.iter().zip(at).zip(free.iter_mut().zip(moved))
        {
            let (other, loose) = settle(axis, *q, moved);
            if error.is_some_and(|error| other.is_some_and(|other| other > error)) {
                (*error, *remark) = (other, loose);
            }
        }
    }
    let found = |moves: Moves| {
        let at = problem.axes.iter().position(|axis| axis.moves == moves)?;
        Some(free[at].clone())
    };
    let one = |moves: Moves, name: String, dimension: Dimension, value: f64, text: String| {
        let (error, remark) = found(moves).unwrap_or((None, Some(Remark::Fixed)));
        Estimate { name, dimension, value, text, error, remark }
    };
    let mut all: Vec<Estimate> = spec
        .parameters
        .iter()
        .zip(device.values())
        .enumerate()
        .map(|(k, (p, value))| one(Moves::Parameter(k), p.name.into(), p.dimension, value, p.show(value)))
        .collect();
    let (state, x) = (&spec.states[0], start[0]);
    let text = format!("{} {}", Dimension::Number.show(x), state.unit).trim_end().to_owned();
    all.push(one(Moves::Start, format!("{}_0", state.name), Dimension::Number, x, text));
    all
}

/// Standard error and remark of each axis.
fn judge(problem: &Problem<'_>, at: &[f64]) -> Vec<(Option<f64>, Option<Remark>)> {
    let axes = problem.axes;
    let slopes = problem.slopes(at);
    let mut out = vec![(None, None); axes.len()];
    let mut kept = Vec::new();
    for (k, axis) in axes.iter().enumerate() {
        let (low, high) = axis.ends();
        let effect = slopes.column(k).norm() * (high - low) / (slopes.nrows() as f64).sqrt();
        match axis.end(at[k]) {
            _ if effect < NO_EFFECT => out[k].1 = Some(Remark::NoEffect),
            Some(end) => out[k].1 = Some(Remark::AtBound(end)),
            None => kept.push(k),
        }
    }
    if kept.is_empty() {
        return out;
    }
    // Columns of one length, so that singular values do not depend on units.
    let norms: Vec<f64> = kept.iter().map(|k| slopes.column(*k).norm()).collect();
    let columns: Vec<DVector<f64>> =
        kept.iter().zip(&norms).map(|(k, norm)| slopes.column(*k) / *norm).collect();
    let svd = DMatrix::from_columns(&columns).svd(false, true);
    let Some(combinations) = svd.v_t else { return out };
    let largest = svd.singular_values.max();
    let variance = variance(problem.residuals_at(at).as_slice(), kept.len());
    for (n, k) in kept.iter().enumerate() {
        let mut sum = 0.0;
        for (c, sigma) in svd.singular_values.iter().enumerate() {
            let share = combinations[(c, n)];
            if *sigma > SHOWS * largest {
                sum += (share / sigma).powi(2);
            } else if share.abs() > PART {
                let others =
                    kept.iter().enumerate().filter(|(m, _)| *m != n && combinations[(c, *m)].abs() > PART);
                let names: Vec<String> = others.map(|(_, k)| axes[*k].name.clone()).collect();
                out[*k].1 = Some(Remark::Tied(names));
            }
        }
        if out[*k].1.is_none() {
            out[*k] = settle(&axes[*k], at[*k], (variance * sum).sqrt() / norms[n]);
        }
    }
    out
}

/// Errors of the axes, in natural coordinates, from fits that each leave out one part of the data in a row: what a wrong
/// model makes of a parameter depends on the part of the loop that it is fitted to (the jackknife; B. Efron, "The Jackknife,
/// the Bootstrap and Other Resampling Plans", SIAM, 1982, chapter 3).
fn jackknife(problem: &Problem<'_>, at: &[f64]) -> Vec<f64> {
    let count = problem.data.len();
    let fit = |part: usize| {
        let meter = problem.meter.fresh(PART_WORK);
        let points = part * count / PARTS..(part + 1) * count / PARTS;
        let (to, _) = problem.without(points, &meter).solve(at, 15);
        (to, meter)
    };
    let fits: Vec<_> = (0..PARTS).into_par_iter().map(fit).collect();
    fits.iter().for_each(|(_, meter)| problem.meter.add_of(meter));
    let error = |k: usize| {
        let mean = fits.iter().map(|(to, _)| to[k]).sum::<f64>() / PARTS as f64;
        let squares: f64 = fits.iter().map(|(to, _)| (to[k] - mean).powi(2)).sum();
        (squares * (PARTS - 1) as f64 / PARTS as f64).sqrt()
    };
    (0..at.len()).map(error).collect()
}

/// Variance of the residuals for errors of parameters: their squares over those of them that are independent, less the
/// fitted `parameters`.
///
/// Noise is independent from point to point. What a wrong model leaves is not: it goes up and down with the loop, and
/// shifts parameters as much as so few points would.
fn variance(residuals: &[f64], parameters: usize) -> f64 {
    let squares: f64 = residuals.iter().map(|r| r * r).sum();
    let independent = residuals.len() as f64 / together(residuals);
    squares / (independent - parameters as f64).max(1.0)
}

/// How many residuals in a row say the same: one and twice the sum of their autocorrelations, by pairs of lags as long
/// as these are positive (C. J. Geyer, Stat. Sci. 7, 1992, initial positive sequence).
fn together(residuals: &[f64]) -> f64 {
    let count = residuals.len();
    let product = |lag: usize| residuals.iter().zip(&residuals[lag..]).map(|(a, b)| a * b).sum::<f64>();
    let whole = product(0);
    if whole <= 0.0 {
        return 1.0;
    }
    let pairs = (0..count / 2).map(|k| product(2 * k) + product(2 * k + 1));
    let sum: f64 = pairs.take_while(|pair| *pair > 0.0).sum();
    (2.0 * sum / whole - 1.0).max(1.0)
}

/// From an error in natural coordinates.
fn settle(axis: &Axis, natural: f64, error: f64) -> (Option<f64>, Option<Remark>) {
    let value = axis.value(natural);
    let error = if axis.is_logarithmic() { error * value.abs() } else { error };
    let size = if axis.is_logarithmic() {
        value.abs()
    } else {
        value.abs().max(0.1 * (axis.range.1 - axis.range.0))
    };
    (Some(error), (error > LOOSE * size).then_some(Remark::Loose))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;
    use rand_distr::{Distribution, StandardNormal};

    #[test]
    fn noise_counts_point_by_point_and_what_a_model_misses_by_its_waves() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let noise: Vec<f64> = (0..1000).map(|_| StandardNormal.sample(&mut rng)).collect();
        assert!((1.0..1.3).contains(&together(&noise)), "{}", together(&noise));
        assert!((variance(&noise, 8) - 1.0).abs() < 0.3);
        // Ten waves: each half of one says one thing.
        let waves: Vec<f64> = (0..1000).map(|k| (f64::from(k) * 0.02 * std::f64::consts::PI).sin()).collect();
        assert!((25.0..50.0).contains(&together(&waves)), "{}", together(&waves));
        assert!(variance(&waves, 8) > 20.0 * variance(&noise, 8) * 0.5);
        assert!((together(&[0.0; 30]) - 1.0).abs() < 1e-12);
    }
}
