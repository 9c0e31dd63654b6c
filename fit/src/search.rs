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
/// Evaluations of rates for all tries, for each descent that is followed, for each that is finished, and for finer
/// steps at the end. A descent spends at most one matrix of derivatives more.
const TRYING: u64 = 20_000_000;
const FOLLOWING: u64 = 2_000_000;
const FINISHING: u64 = 10_000_000;
pub(crate) const REFINING: u64 = 20_000_000;

/// What a fit left out because its work is bounded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Starts that were not tried, of how many.
    pub untried: (usize, usize),
    /// Descents that stopped before they converged, of how many.
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
    pub(crate) deadline: Option<Instant>,
}

/// A place in natural coordinates, and how good it is.
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
        let followed = self.descents(&thin, &tried, (30, FOLLOWING), &mut left, &mut spent);
        let followed = first(followed, FINISHED);
        let finished = self.descents(self.data, &followed, (100, FINISHING), &mut left, &mut spent);
        (first(finished, 1).pop(), left, spent)
    }

    /// The best of all starts. The sets take turns, so that a bound leaves out the last draws of each.
    fn tried(&self, left: &mut Unfinished, spent: &mut u64) -> Vec<Candidate> {
        let (coarse, sizes) = (self.data.thinned(TRIED_AT), Sizes::of(self.data));
        let places: Vec<(usize, u64)> =
            (0..STARTS).flat_map(|k| (0..self.bases.len()).map(move |base| (base, k))).collect();
        let meter = Meter::new(TRYING, self.deadline);
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

    /// Descents from `starts`, each with a patience and an allowance.
    fn descents(
        &self,
        data: &Measurement,
        starts: &[Candidate],
        (patience, allowance): (usize, u64),
        left: &mut Unfinished,
        spent: &mut u64,
    ) -> Vec<Candidate> {
        let descend = |start: &Candidate| {
            let meter = Meter::new(allowance, self.deadline);
            let problem = self.problem(start.base, data, &meter);
            let (at, whole) = problem.solve(&start.at, patience);
            (Candidate { rms: problem.rms_at(&at), base: start.base, at }, whole, meter.spent())
        };
        let done: Vec<_> = starts.par_iter().map(descend).collect();
        left.stopped.0 += done.iter().filter(|(_, whole, _)| !whole).count();
        left.stopped.1 += done.len();
        *spent += done.iter().map(|(_, _, spent)| spent).sum::<u64>();
        done.into_iter().map(|(candidate, ..)| candidate).collect()
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
