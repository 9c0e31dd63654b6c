//! Scores of chips, kept as they come, so that a stopped evaluation goes on where it was.

use super::chip::{chip, score};
use super::diagnosis::LayerError;
use super::images::Labelled;
use super::score::Score;
use crate::Result;
use crate::circuit::Compiled;
use crate::job::Job;
use crate::setup::Setup;
use indicatif::ProgressBar;
use memloom_flow::journal::Journal;
use memloom_sim::native::Options;
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::path::Path;

/// Images between two entries.
const TOGETHER: usize = 1000;

/// A finished part of the work. `point` is the place in a sweep, from 0.
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Entry {
    /// Images `first ..` of the chip of a seed.
    Part { point: usize, seed: u64, first: usize, score: Score },
    /// The layers of the chip of a seed.
    Layers { seed: u64, layers: Vec<LayerError> },
}

/// Which chip of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChipId {
    /// Place in a sweep, from 0.
    pub(crate) point: usize,
    pub(crate) seed: u64,
}

/// What is done already, in memory and, if wanted, on disk.
pub(crate) struct Ledger {
    journal: Option<Journal<Entry>>,
    entries: Vec<Entry>,
}

impl Ledger {
    /// Opens the ledger of `work`, kept at `path` if there is one.
    ///
    /// # Errors
    /// If the file cannot be used, or is about other work.
    pub(crate) fn open(path: Option<&Path>, work: &serde_json::Value) -> Result<Self> {
        Ok(match path.map(|path| Journal::open(path, work)).transpose()? {
            Some((journal, entries)) => Self { journal: Some(journal), entries },
            None => Self { journal: None, entries: Vec::new() },
        })
    }

    fn add(&mut self, entry: Entry) -> Result<()> {
        if let Some(journal) = &mut self.journal {
            journal.add(&entry)?;
        }
        self.entries.push(entry);
        Ok(())
    }

    fn part(&self, id: ChipId, at: usize) -> Option<&Score> {
        self.entries.iter().find_map(|entry| match entry {
            Entry::Part { point, seed, first, score }
                if (ChipId { point: *point, seed: *seed }, *first) == (id, at) =>
            {
                Some(score)
            }
            _ => None,
        })
    }

    /// The score of one chip over all of its parts, if every part is there.
    pub(crate) fn whole(&self, id: ChipId, images: &Labelled, classes: usize) -> Option<Score> {
        let mut total = Score::new(classes);
        for range in parts(images.inputs.len()) {
            total.add(self.part(id, range.start)?);
        }
        Some(total)
    }

    /// The score of one chip, from the ledger as far as that goes. `bar` counts images.
    ///
    /// # Errors
    /// If the circuit cannot be evaluated, or the ledger not be written.
    pub(crate) fn chip(
        &mut self,
        id: ChipId,
        job: &Job,
        setup: &Setup,
        images: &Labelled,
        bar: &ProgressBar,
    ) -> Result<Score> {
        let classes = job.source.network.settings.classes.len();
        let mut total = Score::new(classes);
        let mut missing = Vec::new();
        for range in parts(images.inputs.len()) {
            match self.part(id, range.start) {
                Some(score) => {
                    total.add(score);
                    bar.inc(range.len() as u64);
                }
                None => missing.push(range),
            }
        }
        if missing.is_empty() {
            return Ok(total);
        }
        let compiled = Compiled::on_chip(job, &chip(job, setup, id.seed)?, &Options::default())?;
        let many = compiled.many(&images.inputs[0])?;
        for range in missing {
            let score = score(&many, images, range.clone(), classes)?;
            total.add(&score);
            bar.inc(range.len() as u64);
            self.add(Entry::Part { point: id.point, seed: id.seed, first: range.start, score })?;
        }
        Ok(total)
    }

    /// The layers of the chip of a seed; `find` compares them if that is not done yet.
    ///
    /// # Errors
    /// Those of `find`, or if the ledger cannot be written.
    pub(crate) fn layers(
        &mut self,
        of: u64,
        find: impl FnOnce() -> Result<Vec<LayerError>>,
    ) -> Result<Vec<LayerError>> {
        let known = self.entries.iter().find_map(|entry| match entry {
            Entry::Layers { seed, layers } if *seed == of => Some(layers.clone()),
            _ => None,
        });
        if let Some(layers) = known {
            return Ok(layers);
        }
        let layers = find()?;
        self.add(Entry::Layers { seed: of, layers: layers.clone() })?;
        Ok(layers)
    }
}

/// The images of each entry.
fn parts(count: usize) -> impl Iterator<Item = Range<usize>> {
    (0..count).step_by(TOGETHER).map(move |first| first..count.min(first + TOGETHER))
}
