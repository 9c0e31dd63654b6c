//! How well the data settle each parameter.

use crate::axis::{Axis, Moves};
use crate::problem::Problem;
use memloom_devices::{Device, Dimension};
use nalgebra::{DMatrix, DVector};

/// Smallest singular value, over the largest, of a combination of parameters that shows in the data.
const SHOWS: f64 = 1e-4;
/// Change of a current, over the span, by a whole range of a parameter, below which it has no effect.
const NO_EFFECT: f64 = 1e-9;
/// Share of a parameter in a combination that does not show, from which it is part of it.
const PART: f64 = 0.02;
/// Standard error, over the value, above which data say nothing of it.
const LOOSE: f64 = 0.2;

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
    /// Its standard error, SI, where the data give one.
    pub error: Option<f64>,
    /// What else is to be known.
    pub remark: Option<Remark>,
}

/// All parameters of `device`, and its start.
pub(crate) fn estimates(problem: &Problem<'_>, at: &[f64], device: &Device, start: &[f64]) -> Vec<Estimate> {
    let (spec, free) = (device.spec(), judge(problem, at));
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
    let squares: f64 = problem.residuals_at(at).norm_squared();
    let freedom = (problem.data.len() as f64 - kept.len() as f64).max(1.0);
    let variance = squares / freedom;
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
