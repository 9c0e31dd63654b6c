//! The share of a layer's values that its range had best hold, for a given chip.
//!
//! A smaller range has signals drawn larger beside the chip's errors, and more of them saturate. What is best follows
//! from the chip: each share's circuit is made with its errors, and the logits are held against the digital reference's.

use crate::args::TechnologyArgs;
use crate::eval::chip;
use crate::setup::Setup;
use crate::{Result, job, progress};
use memloom::technology::TechnologySpec;
use memloom_flow::diagnosis::{Values, signal_to_error};
use memloom_flow::{Compiled, Flow, Source};
use memloom_network::{Percentile, Ranges, Reference};
use memloom_sim::native::Options;
use serde::Serialize;
use std::sync::Arc;

/// Shares that are tried.
const SHARES: [f64; 7] = [1.0, 0.9999, 0.9997, 0.999, 0.997, 0.99, 0.97];
/// Images on which logits are compared, evenly spread over those that ranges are measured on.
const SAMPLE: usize = 100;
/// Seeds of the chips that each share is tried on.
const CHIPS: [u64; 2] = [1, 2];

/// What ranges of one share leave of the logits.
#[derive(Debug, Serialize)]
pub(super) struct Tried {
    pub(super) percentile: f64,
    /// Over all chips and images, decibels; `None` if there is no error at all.
    pub(super) signal_to_error_db: Option<f64>,
}

/// A network on a chip, and images of it.
pub(super) struct Search<'a> {
    pub(super) source: &'a Arc<Source>,
    pub(super) technology: &'a TechnologySpec,
    pub(super) setup: &'a Setup,
    /// Normalised.
    pub(super) images: &'a [Vec<f64>],
    /// Where they are from.
    pub(super) name: &'a str,
}

impl Search<'_> {
    /// The ranges with which chips come nearest to the reference, of equals those of the largest share; and what was tried.
    pub(super) fn run(&self) -> Result<(Ranges, Vec<Tried>)> {
        let graph = &self.source.network.graph;
        let sample: Vec<_> =
            self.images.iter().step_by(self.images.len().div_ceil(SAMPLE)).cloned().collect();
        let logits = |tensors: &[Vec<f64>]| of_logits(tensors.last().expect("a network has layers").clone());
        let wanted = Reference::new(graph).map_all(&sample, logits);
        let bar = progress::bar(SHARES.len() as u64, "shares");
        let (mut best, mut tried) = (None, Vec::new());
        let shares = SHARES.map(|share| Percentile::new(share).expect("a share of the list"));
        let measured = Ranges::measure_all(&shares, graph, &self.source.stages, self.images, self.name)?;
        for (share, ranges) in SHARES.into_iter().zip(measured) {
            let flow = Flow { source: self.source.clone(), ranges };
            let signal_to_error_db = self.quality(&flow, &sample, &wanted)?;
            tried.push(Tried { percentile: share, signal_to_error_db });
            let quality = signal_to_error_db.unwrap_or(f64::INFINITY);
            if best.as_ref().is_none_or(|(most, _)| quality > *most) {
                best = Some((quality, flow.ranges));
            }
            bar.inc(1);
        }
        bar.finish_and_clear();
        let (_, ranges) = best.expect("some share was tried");
        Ok((ranges, tried))
    }

    /// Signal to error of the logits of `sample`, decibels, over all chips.
    fn quality(&self, flow: &Flow, sample: &[Vec<f64>], wanted: &[Values]) -> Result<Option<f64>> {
        let args = TechnologyArgs { no_compensation: self.setup.uncompensated, ..TechnologyArgs::default() };
        let job = job::of(flow, self.technology, &args)?;
        let mut found = Vec::new();
        for seed in CHIPS {
            let compiled = Compiled::on_chip(&job, &chip(&job, self.setup, seed)?, &Options::default())?;
            let many = compiled.many(&sample[0])?;
            found.extend(many.logits(sample, 0..sample.len())?.into_iter().map(of_logits));
        }
        let wanted: Vec<Values> = CHIPS.iter().flat_map(|_| wanted.iter().cloned()).collect();
        Ok(signal_to_error(&found, &wanted)[0])
    }
}

/// Logits as the values of a network that has no other layer.
fn of_logits(logits: Vec<f64>) -> Values {
    vec![Vec::new(), logits]
}
