//! The search: many starts, the best of them followed, the best of these finished, each stage within its allowance.

use crate::Measurement;
use crate::axis::Axis;
use crate::meter::Meter;
use crate::noise::Scale;
use crate::problem::Problem;
use crate::starts::{Sizes, draw};
use memloom_devices::Device;
use rayon::prelude::*;
use std::fmt::{Display, Formatter};
use std::time::Instant;

/// Places to begin that are tried, for each published set.
const STARTS: u64 = 1500;
/// How many are tried between two looks at the allowance.
const BLOCK: usize = 100;
/// How many of them are followed.
const FOLLOWED: usize = 16;
/// Of these, how many to the end.
const FINISHED: usize = 3;
/// Points at which starts are tried, and followed.
const TRIED_AT: usize = 250;
const FOLLOWED_AT: usize = 800;

/// Work that the stages may take, as a [`Meter`] counts it. A descent spends at most one matrix of derivatives more.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Allowance {
    /// All tries.
    trying: u64,
    /// Each descent that is followed.
    following: u64,
    /// Each that is finished.
    finishing: u64,
    /// Finer steps at the end.
    pub(crate) refining: u64,
}

impl Allowance {
    /// For data of so many points. Up to 800 of them a quarter of a minute on one core, all together; what is done on all
    /// of the points has more of those that have more, up to five times as much.
    pub(crate) fn of(points: usize) -> Self {
        let part = (points as f64 / FOLLOWED_AT as f64).clamp(1.0, 5.0);
        let whole = |allowance: u64| (allowance as f64 * part) as u64;
        Self {
            trying: 25_000_000,
            following: 2_500_000,
            finishing: whole(8_000_000),
            refining: whole(16_000_000),
        }
    }
}

/// What a fit left out because its work is bounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Starts that were not tried, of how many.
    pub untried: (usize, usize),
    /// Descents on all of the data that stopped before they converged, of how many.
    pub stopped: (usize, usize),
    /// Whether the integrator's steps may be too long for the data's noise.
    pub coarse: bool,
}

impl Unfinished {
    /// Whether nothing was left out.
    pub fn is_nothing(&self) -> bool {
        self.untried.0 == 0 && self.stopped.0 == 0 && !self.coarse
    }
}

impl Display for Unfinished {
    /// A part of a sentence: `1,200 of 1,500 starts were not tried, ..`.
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if self.untried.0 > 0 {
            parts.push(format!("{} of {} starts were not tried", self.untried.0, self.untried.1));
        }
        if self.stopped.0 > 0 {
            parts.push(format!("{} of {} descents did not converge", self.stopped.0, self.stopped.1));
        }
        if self.coarse {
            parts.push("the last steps of integration may be too long for the noise".into());
        }
        f.write_str(&parts.join(", "))
    }
}

/// What is searched, and until when.
pub(crate) struct Search<'a> {
    pub(crate) bases: &'a [Device],
    pub(crate) axes: &'a [Vec<Axis>],
    pub(crate) data: &'a Measurement,
    pub(crate) scale: Scale,
    pub(crate) allowance: Allowance,
    pub(crate) deadline: Option<Instant>,
}

/// A place in natural coordinates, and how good it is.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    pub(crate) rms: f64,
    pub(crate) base: usize,
    pub(crate) at: Vec<f64>,
}

impl Search<'_> {
    /// The best place, and what was left out on the way to it.
    pub(crate) fn best(&self) -> (Option<Candidate>, Unfinished, u64) {
        let (mut left, mut spent) = (Unfinished::default(), 0);
        let tried = self.tried(&mut left, &mut spent);
        let thin = self.data.thinned(FOLLOWED_AT);
        let (followed, _) = self.descents(&thin, &tried, (30, self.allowance.following), &mut spent);
        let followed = first(followed, FINISHED);
        let last = self.descents(self.data, &followed, (100, self.allowance.finishing), &mut spent);
        let (finished, stopped) = last;
        left.stopped = (stopped, finished.len());
        (first(finished, 1).pop(), left, spent)
    }

    /// The best of all starts. The sets take turns, so that a bound leaves out the last draws of each.
    fn tried(&self, left: &mut Unfinished, spent: &mut u64) -> Vec<Candidate> {
        let (coarse, sizes) = (self.data.thinned(TRIED_AT), Sizes::of(self.data));
        let places: Vec<(usize, u64)> =
            (0..STARTS).flat_map(|k| (0..self.bases.len()).map(move |base| (base, k))).collect();
        let meter = Meter::new(self.allowance.trying, self.deadline);
        let try_one = |&(base, index): &(usize, u64)| {
            let at = draw(&self.bases[base], &self.axes[base], &coarse, &sizes, index);
            let rms = self.problem(base, &coarse, &meter).rms_at(&at);
            Candidate { rms, base, at }
        };
        let mut tried = Vec::new();
        for block in places.chunks(BLOCK) {
            tried.par_extend(block.par_iter().map(try_one));
            if !meter.is_open() {
                break;
            }
        }
        left.untried = (places.len() - tried.len(), places.len());
        *spent += meter.spent();
        first(tried, FOLLOWED)
    }

    /// Descents from `starts`, each with a patience and an allowance, and how many of them the allowance stopped.
    fn descents(
        &self,
        data: &Measurement,
        starts: &[Candidate],
        (patience, allowance): (usize, u64),
        spent: &mut u64,
    ) -> (Vec<Candidate>, usize) {
        let descend = |start: &Candidate| {
            let meter = Meter::new(allowance, self.deadline);
            let problem = self.problem(start.base, data, &meter);
            let (at, whole) = problem.solve(&start.at, patience);
            (Candidate { rms: problem.rms_at(&at), base: start.base, at }, whole, meter.spent())
        };
        let done: Vec<_> = starts.par_iter().map(descend).collect();
        let stopped = done.iter().filter(|(_, whole, _)| !whole).count();
        *spent += done.iter().map(|(_, _, spent)| spent).sum::<u64>();
        (done.into_iter().map(|(candidate, ..)| candidate).collect(), stopped)
    }

    pub(crate) fn problem<'b>(&'b self, base: usize, data: &'b Measurement, meter: &'b Meter) -> Problem<'b> {
        Problem::new(self.bases[base], &self.axes[base], data, self.scale, meter)
    }
}

/// The best `count`; stable, so that equals stay in the order of their draw.
fn first(mut all: Vec<Candidate>, count: usize) -> Vec<Candidate> {
    all.sort_by(|a, b| a.rms.total_cmp(&b.rms));
    all.truncate(count);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;

    #[test]
    fn what_a_bound_leaves_out_is_told_and_the_same_on_any_threads() {
        let time: Vec<f64> = (0..40).map(|k| f64::from(k) * 1e-3).collect();
        let volts: Vec<f64> = time.iter().map(|t| 0.5 * (250.0 * t).sin()).collect();
        let current: Vec<f64> =
            time.iter().zip(&volts).map(|(t, v)| 1e-4 * v * (1.2 + (250.0 * t).cos())).collect();
        let data = Measurement::new(&time, &volts, &current).unwrap();
        let bases = [Device::named("vteam", None, &[]).unwrap()];
        let axes = [Axis::all(&bases[0], &Options::default()).unwrap()];
        let allowance = Allowance { trying: 20_000, following: 20_000, finishing: 20_000, refining: 1 };
        let scale = Scale::of(&data);
        let search = Search { bases: &bases, axes: &axes, data: &data, scale, allowance, deadline: None };
        let run = |threads| {
            rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(|| search.best())
        };
        let (best, left, spent) = run(1);
        assert_eq!((best.clone(), left, spent), run(3));
        assert!(best.unwrap().rms.is_finite());
        assert!(left.untried.0 > 1000 && left.untried.1 == 1500, "{left:?}");
        assert!(left.stopped.0 > 0 && left.stopped.1 == FINISHED, "{left:?}");
        let text = left.to_string();
        assert!(
            text.contains("of 1500 starts were not tried, ") && text.contains("of 3 descents did not"),
            "{text}"
        );
        // A block of tries, and a matrix of derivatives for each descent, may be spent beyond the allowance.
        let response = 40 * 30;
        let bound = 20_000 + 100 * response + 19 * (20_000 + 40 * response);
        assert!(spent < bound, "{spent} of {bound}");
    }
}
