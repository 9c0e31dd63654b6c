//! All that scores depend on: the key of a journal.

use super::images::Labelled;
use super::ledger::ChipId;
use crate::Result;
use crate::args::SubjectArgs;
use crate::setup::Setup;
use crate::sweep::Axis;
use memloom::technology::TechnologySpec;
use memloom_flow::Source;
use memloom_network::Ranges;
use memloom_network::sidecar::Settings;
use memloom_sim::native::ARITHMETIC;
use serde::Serialize;
use std::ops::Range;

/// Images that are scored between two entries of a journal.
const TOGETHER: usize = 1000;

/// What an evaluation or a sweep is about, by content: everything as resolved from files, flags and defaults, so that a
/// setting that is added to any of these is a part of it.
#[derive(Serialize)]
pub(crate) struct Work<'a> {
    command: &'static str,
    arithmetic: u32,
    weights: &'a str,
    settings: &'a Settings,
    ranges: &'a Ranges,
    technology: &'a TechnologySpec,
    setup: &'a Setup,
    images: Images<'a>,
    seed: u64,
    runs: u16,
    /// The parameters that vary with their values, in order.
    vary: &'a [Axis],
    #[serde(skip)]
    layers: Vec<&'a str>,
    #[serde(skip)]
    labels: &'a [usize],
}

#[derive(Serialize)]
struct Images<'a> {
    sha256: &'a str,
    count: usize,
}

/// What a [`Work`] is of.
pub(crate) struct Parts<'a> {
    pub(crate) source: &'a Source,
    pub(crate) ranges: &'a Ranges,
    /// As the setup has it.
    pub(crate) technology: &'a TechnologySpec,
    pub(crate) setup: &'a Setup,
    pub(crate) images: &'a Labelled,
}

impl<'a> Work<'a> {
    pub(crate) fn new(
        command: &'static str,
        subject: &SubjectArgs,
        parts: &Parts<'a>,
        vary: &'a [Axis],
    ) -> Self {
        let (source, images) = (parts.source, parts.images);
        Self {
            command,
            arithmetic: ARITHMETIC,
            weights: &source.hash,
            settings: &source.network.settings,
            ranges: parts.ranges,
            technology: parts.technology,
            setup: parts.setup,
            images: Images { sha256: &images.hash, count: images.inputs.len() },
            seed: subject.seed,
            runs: subject.runs,
            vary,
            // The first stage is the image itself.
            layers: source.stages.iter().skip(1).map(|stage| stage.name.as_str()).collect(),
            labels: &images.labels,
        }
    }

    /// The key as JSON.
    pub(crate) fn key(&self) -> Result<serde_json::Value> {
        Ok(serde_json::to_value(self)?)
    }

    /// The chip of each run, of one point.
    pub(crate) fn chips(&self, point: usize) -> impl Iterator<Item = ChipId> + use<> {
        let seed = self.seed;
        (0..u64::from(self.runs)).map(move |run| ChipId { point, seed: seed.wrapping_add(run) })
    }

    /// Whether a chip is one of this work's.
    pub(crate) fn has(&self, id: ChipId) -> bool {
        let points: usize = self.vary.iter().map(|axis| axis.values.len()).product();
        id.point < points && id.seed.wrapping_sub(self.seed) < u64::from(self.runs)
    }

    /// Whether the layers of a seed's chip are looked at.
    pub(crate) fn has_layers(&self, seed: u64) -> bool {
        self.vary.is_empty() && seed == self.seed
    }

    /// Names of the layers, in order.
    pub(crate) fn layers(&self) -> &[&'a str] {
        &self.layers
    }

    /// The images that are scored together, in order.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        let count = self.labels.len();
        (0..count).step_by(TOGETHER).map(move |first| first..count.min(first + TOGETHER))
    }

    /// How many images of a range have each label, of all classes.
    pub(crate) fn of_each_label(&self, range: Range<usize>) -> Vec<u64> {
        let mut counts = vec![0; self.settings.classes.len()];
        self.labels[range].iter().for_each(|label| counts[*label] += 1);
        counts
    }
}
