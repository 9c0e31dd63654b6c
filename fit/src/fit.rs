//! The fit: the best that the search finds, refined, and what came of it.

use crate::axis::{Axis, place};
use crate::estimate::{Estimate, estimates};
use crate::integrate::respond;
use crate::meter::Meter;
use crate::noise::Scale;
use crate::problem::{Problem, rms};
use crate::search::{Allowance, Search, Unfinished};
use crate::{Error, Measurement};
use memloom_devices::{Device, Spec};
use std::time::{Duration, Instant};

/// A fit describes data when its residual is at most so many times their noise,
const OF_NOISE: f64 = 1.5;
/// or at most this share of their span.
const OF_SPAN: f64 = 2e-3;
/// Most steps of the integrator between two points.
const FINEST: usize = 64;

/// What is fitted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options {
    /// The published set to begin at, and to take fixed values from; all of them in turn if left out.
    pub set: Option<String>,
    /// Parameters that stay: at a value of one's own, SI, or at the set's. `x_0` is the start of a state `x`.
    pub fixed: Vec<(String, Option<f64>)>,
    /// If not empty, all others stay.
    pub only: Vec<String>,
    /// Time after which the best so far is taken. The work is bounded without it, by counted evaluations, the same on
    /// every machine; with it results depend on the machine.
    pub time_limit: Option<Duration>,
    /// Largest residual that is accepted, as a share of the data's span; that of noise, or 0.2 %, if left out.
    pub accept: Option<f64>,
}

/// What a fit is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// The residual is within 1.5 times the noise of the data, or 0.2 % of their span.
    Good,
    /// It is not, but within what is accepted.
    Accepted,
    /// Neither.
    Poor,
}

impl Quality {
    /// `good`, `accepted` or `poor`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Accepted => "accepted",
            Self::Poor => "poor",
        }
    }
}

/// A model fitted to data.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The model with its fitted parameters.
    pub device: Device,
    /// Its states at the first point.
    pub start: Vec<f64>,
    /// All parameters in the order of the model's table, then the first state at the start.
    pub estimates: Vec<Estimate>,
    /// Current of the model at each point, amperes.
    pub current: Vec<f64>,
    /// Root mean square of model less measurement, over the span, highest less lowest, of the measured current.
    pub rms: f64,
    /// The same on the scale of the fit, over the span on that scale.
    pub residual: f64,
    /// Noise of the data on the scale of the fit: how far points are from the line through their neighbours.
    pub noise: f64,
    /// Whether the fit weighs small currents as much as large ones, as noise that grows with current asks for.
    pub logarithmic: bool,
    /// What was left out because the work is bounded.
    pub unfinished: Unfinished,
    /// Work that it took: evaluations of a model's rates; one that solves an equation inside counts as several.
    pub evaluations: u64,
    /// Largest residual that is accepted beyond that of noise.
    pub accept: Option<f64>,
}

/// Fits the model called `model` to `data`.
///
/// # Errors
/// [`Error::Device`] for a model, set or parameter that is not there; [`Error::Options`] when nothing is free, or when the
/// model cannot be driven by the data at all.
pub fn fit(model: &str, data: &Measurement, options: &Options) -> Result<Fit, Error> {
    let bases = bases(model, options)?;
    let axes = bases.iter().map(|base| Axis::all(base, options)).collect::<Result<Vec<_>, _>>()?;
    let deadline = options.time_limit.and_then(|limit| Instant::now().checked_add(limit));
    let allowance = Allowance::of(data.len());
    let search = Search { bases: &bases, axes: &axes, data, scale: Scale::of(data), allowance, deadline };
    let (best, mut unfinished, spent) = search.best();
    let best = best.ok_or_else(|| Error::Options { what: "there is nothing to begin at".into() })?;
    let meter = Meter::new(allowance.refining, deadline);
    let (problem, at) = refine(search.problem(best.base, data, &meter), best.at, &mut unfinished);
    let fit = conclude(&problem, &at).map(|fit| Fit {
        unfinished,
        evaluations: spent + meter.spent(),
        accept: options.accept,
        ..fit
    });
    fit.ok_or_else(|| Error::Options {
        what: format!(
            "`{model}` cannot follow the measured voltage; fix some of its parameters, or try another model"
        ),
    })
}

/// The devices to begin at: the sets, with the values that are fixed.
fn bases(model: &str, options: &Options) -> Result<Vec<Device>, Error> {
    let spec = Spec::find(model)?;
    let start = format!("{}_0", spec.states[0].name);
    let sets = match &options.set {
        Some(name) => std::slice::from_ref(spec.set(name)?),
        None => spec.sets,
    };
    let own = options.fixed.iter().filter(|fixed| fixed.0 != start);
    for (name, _) in own.clone() {
        spec.parameter(name)?;
    }
    if let Some((name, Some(_))) = options.fixed.iter().find(|fixed| fixed.0 == start) {
        let what = format!(
            "`{name}` cannot be fixed at a value of one's own; leave it free, or fix it as the set has it"
        );
        return Err(Error::Options { what });
    }
    let own: Vec<(&str, f64)> = own.filter_map(|(name, value)| value.map(|v| (name.as_str(), v))).collect();
    sets.iter().map(|set| Ok(set.device.with(&own)?)).collect()
}

/// Divides the integrator's steps until that no longer matters beside the noise.
fn refine<'a>(mut problem: Problem<'a>, mut at: Vec<f64>, left: &mut Unfinished) -> (Problem<'a>, Vec<f64>) {
    while problem.steps < FINEST {
        let mut finer = problem.clone();
        finer.steps *= 4;
        let before = problem.meter.spent();
        let change = rms(&(finer.residuals_at(&at) - problem.residuals_at(&at)));
        if change <= 0.05 * problem.scale.noise.max(OF_SPAN) {
            break;
        }
        // A descent takes a matrix of derivatives for each of its few steps, and errors take one more.
        let matrix = (problem.meter.spent() - before) * (problem.axes.len() as u64 + 1);
        if !problem.meter.has(4 * matrix) {
            left.coarse = true;
            break;
        }
        let (to, whole) = finer.solve(&at, 30);
        left.stopped.0 += usize::from(!whole);
        left.stopped.1 += 1;
        (at, problem) = (to, finer);
    }
    (problem, at)
}

fn conclude(problem: &Problem<'_>, at: &[f64]) -> Option<Fit> {
    let (device, start) = place(&problem.device, problem.axes, at)?;
    let current = respond(&device, &start, problem.data, problem.steps, problem.meter)?;
    let residual = problem.rms_at(at);
    let measured = &problem.data.current;
    let (low, high) = measured.iter().fold((f64::MAX, f64::MIN), |(low, high), i| (i.min(low), i.max(high)));
    let squares: f64 = current.iter().zip(measured).map(|(a, b)| (a - b) * (a - b)).sum();
    let rms = (squares / current.len() as f64).sqrt() / (high - low);
    let (noise, logarithmic) = (problem.scale.noise, problem.scale.is_logarithmic());
    let estimates = estimates(problem, at, (&device, &start), residual > (OF_NOISE * noise).max(OF_SPAN));
    let (unfinished, evaluations) = (Unfinished::default(), 0);
    Some(Fit {
        device,
        start,
        estimates,
        current,
        rms,
        residual,
        noise,
        logarithmic,
        unfinished,
        evaluations,
        accept: None,
    })
}

impl Fit {
    /// Whether the residual is within 1.5 times the noise of the data, or 0.2 % of their span.
    pub fn describes(&self) -> bool {
        self.residual <= (OF_NOISE * self.noise).max(OF_SPAN)
    }

    /// What the fit is worth.
    pub fn quality(&self) -> Quality {
        match self.accept {
            _ if self.describes() => Quality::Good,
            Some(accept) if self.residual <= accept => Quality::Accepted,
            _ => Quality::Poor,
        }
    }

    /// In one sentence, whether the model describes the data.
    pub fn verdict(&self) -> String {
        let model = self.device.spec().name;
        let (residual, noise) = (100.0 * self.residual, 100.0 * self.noise);
        let open = self.estimates.iter().filter(|e| e.remark.as_ref().is_some_and(|r| r.is_doubt())).count();
        let measure = || match self.accept {
            Some(accept) => format!("more than the {:.2} % that are accepted", 100.0 * accept),
            None => format!(
                "more than {OF_NOISE} times the noise of {noise:.2} % and than {:.1} %",
                100.0 * OF_SPAN
            ),
        };
        match (self.quality(), open) {
            (Quality::Good, 0) => format!(
                "`{model}` describes the data: the residual is {residual:.2} % of the span, the noise {noise:.2} %"
            ),
            (Quality::Good, _) => format!(
                "`{model}` describes the data (residual {residual:.2} % of the span, noise {noise:.2} %), but they do not \
                 settle {open} of its parameters: fix these, or measure more"
            ),
            (Quality::Accepted, _) => format!(
                "`{model}` is as near to the data as is accepted: the residual is {residual:.2} % of the span, the noise \
                 only {noise:.2} %"
            ),
            (Quality::Poor, _) => format!(
                "`{model}` does not describe the data: the residual is {residual:.2} % of the span, {}; try another \
                 model, or accept such a residual",
                measure()
            ),
        }
    }
}
