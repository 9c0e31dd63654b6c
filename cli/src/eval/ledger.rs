//! Scores of chips, kept as they come, so that a stopped evaluation goes on where it was.

use super::chip::{chip, score};
use super::entry::{Checker, Entry};
use super::images::Labelled;
use super::score::Score;
use super::work::Work;
use crate::Result;
use crate::setup::Setup;
use indicatif::ProgressBar;
use memloom_flow::Compiled;
use memloom_flow::Lowered;
use memloom_flow::diagnosis::LayerError;
use memloom_flow::journal::Journal;
use memloom_sim::chip::Chip;
use memloom_sim::native::Options;
use std::collections::HashMap;
use std::path::Path;

/// Which chip of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ChipId {
    /// Place in a sweep, from 0.
    pub(crate) point: usize,
    pub(crate) seed: u64,
}

/// What is done already, in memory and, if wanted, on disk.
pub(crate) struct Ledger<'w> {
    work: &'w Work<'w>,
    journal: Option<Journal<Entry>>,
    /// By chip and first image.
    parts: HashMap<(ChipId, usize), Score>,
    layers: Option<Vec<LayerError>>,
    /// The first chip that was compiled, trimmed if it is to be.
    made: Option<Chip>,
}

impl<'w> Ledger<'w> {
    /// Opens the ledger of `work`, kept at `path` if there is one.
    ///
    /// # Errors
    /// If the file cannot be used, is about other work, or holds what cannot be a part of this.
    pub(crate) fn open(path: Option<&Path>, work: &'w Work<'w>) -> Result<Self> {
        let mut ledger = Self { work, journal: None, parts: HashMap::new(), layers: None, made: None };
        if let Some(path) = path {
            let mut checker = Checker::new(work);
            let (journal, entries) = Journal::open(path, &work.key()?, |entry| checker.check(entry))?;
            ledger.journal = Some(journal);
            entries.into_iter().for_each(|entry| ledger.keep(entry));
        }
        Ok(ledger)
    }

    fn add(&mut self, entry: Entry) -> Result<()> {
        if let Some(journal) = &mut self.journal {
            journal.add(&entry)?;
        }
        self.keep(entry);
        Ok(())
    }

    fn keep(&mut self, entry: Entry) {
        match entry {
            Entry::Part { point, seed, first, score } => {
                self.parts.insert((ChipId { point, seed }, first), score);
            }
            Entry::Layers { layers, .. } => self.layers = Some(layers),
        }
    }

    /// The score of one chip over all of its parts, if every part is there.
    pub(crate) fn whole(&self, id: ChipId, classes: usize) -> Option<Score> {
        let mut total = Score::new(classes);
        for range in self.work.parts() {
            total.add(self.parts.get(&(id, range.start))?);
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
        job: &Lowered,
        setup: &Setup,
        images: &Labelled,
        bar: &ProgressBar,
    ) -> Result<Score> {
        let classes = job.source.network.settings.classes.len();
        let (known, missing): (Vec<_>, Vec<_>) =
            self.work.parts().partition(|range| self.parts.contains_key(&(id, range.start)));
        bar.inc(known.iter().map(|range| range.len() as u64).sum());
        if !missing.is_empty() {
            let compiled = Compiled::on_chip(job, &chip(job, setup, id.seed)?, &Options::default())?;
            if self.made.is_none() {
                self.made = compiled.chip().cloned();
            }
            let many = compiled.many(&images.inputs[0])?;
            for range in missing {
                let score = score(&many, images, range.clone(), classes)?;
                bar.inc(range.len() as u64);
                self.add(Entry::Part { point: id.point, seed: id.seed, first: range.start, score })?;
            }
        }
        Ok(self.whole(id, classes).expect("every part is there"))
    }

    /// The chip of a seed, if it is the first that was compiled here.
    pub(crate) fn made(&self, seed: u64) -> Option<&Chip> {
        self.made.as_ref().filter(|chip| chip.spec().seed == seed)
    }

    /// The layers of the chip of a seed; `find` compares them if that is not done yet.
    ///
    /// # Errors
    /// Those of `find`, or if the ledger cannot be written.
    pub(crate) fn layers(
        &mut self,
        seed: u64,
        find: impl FnOnce() -> Result<Vec<LayerError>>,
    ) -> Result<Vec<LayerError>> {
        if let Some(layers) = &self.layers {
            return Ok(layers.clone());
        }
        let layers = find()?;
        self.add(Entry::Layers { seed, layers: layers.clone() })?;
        Ok(layers)
    }
}
