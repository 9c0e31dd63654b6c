//! A finished part of the work, and whether it can be one.

use super::ledger::ChipId;
use super::score::Score;
use super::work::Work;
use memloom_flow::diagnosis::LayerError;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A finished part of the work. `point` is the place in a sweep, from 0.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) enum Entry {
    /// Images `first ..` of the chip of a seed.
    Part { point: usize, seed: u64, first: usize, score: Score },
    /// The layers of the chip of a seed.
    Layers { seed: u64, layers: Vec<LayerError> },
}

/// Looks at the entries of a work one after the other.
pub(super) struct Checker<'w> {
    work: &'w Work<'w>,
    parts: HashSet<(ChipId, usize)>,
    layers: bool,
}

impl<'w> Checker<'w> {
    pub(super) fn new(work: &'w Work<'w>) -> Self {
        Self { work, parts: HashSet::new(), layers: false }
    }

    /// What is wrong with the next entry.
    pub(super) fn check(&mut self, entry: &Entry) -> Result<(), String> {
        match entry {
            Entry::Part { point, seed, first, score } => {
                let id = ChipId { point: *point, seed: *seed };
                self.part(id, *first, score)?;
                must(self.parts.insert((id, *first)), || format!("images from {first} are there twice"))
            }
            Entry::Layers { seed, layers } => {
                must(!std::mem::replace(&mut self.layers, true), || "layers are there twice".into())?;
                self.layers(*seed, layers)
            }
        }
    }

    fn part(&self, id: ChipId, first: usize, score: &Score) -> Result<(), String> {
        let ChipId { point, seed } = id;
        must(self.work.has(id), || format!("point {point} with seed {seed} is no part of this work"))?;
        let range = self.work.parts().find(|part| part.start == first);
        let range = range.ok_or_else(|| format!("no part of the images begins at {first}"))?;
        let images = range.len();
        let labels = self.work.of_each_label(range);
        let square = score.confusion.len() == labels.len()
            && score.confusion.iter().all(|row| row.len() == labels.len());
        must(square, || format!("the confusion is not of {0} by {0} classes", labels.len()))?;
        let sum = |row: &Vec<u64>| row.iter().try_fold(0_u64, |sum, n| sum.checked_add(*n));
        let counted = score.confusion.iter().map(sum).eq(labels.iter().map(|count| Some(*count)));
        must(counted, || format!("the confusion is not that of the labels of its {images} images"))?;
        must(score.same_class <= images as u64, || {
            format!("`same_class` is {} of {images} images", score.same_class)
        })
    }

    fn layers(&self, seed: u64, layers: &[LayerError]) -> Result<(), String> {
        must(self.work.has_layers(seed), || format!("layers with seed {seed} are no part of this work"))?;
        let named = layers.iter().map(|layer| layer.layer.as_str()).eq(self.work.layers().iter().copied());
        must(named, || "the layers are not those of the network".into())?;
        let wrong = layers.iter().find(|layer| !layer.is_sound());
        wrong.map_or(Ok(()), |layer| Err(format!("the numbers of layer `{}` cannot be", layer.layer)))
    }
}

fn must(holds: bool, what: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}
