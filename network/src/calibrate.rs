//! How large each stage's values get, from images or from the weights alone: what the voltages are scaled by.

use std::{io, path::Path};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::measure::Percentile;
use crate::parts::{self, Parts};
use crate::plan::MARGIN;
use crate::{files, stage::Stage};

/// The longest ranges file that is read, in bytes.
const LONGEST_FILE: u64 = 1 << 24;

/// The range of one stage's values, in the network's own numbers: largest magnitudes, or those that a percentile of the
/// values does not exceed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Largest magnitude before the activation; of ranges by percentile not counting how far values go where the
    /// activation is flat.
    pub pre: f64,
    /// Largest magnitude of the share that weights of one sign have in it, bias included: what one of a pair of
    /// bitlines carries. Equals `pre` where there are no weights.
    pub side: f64,
    /// Largest magnitude of the output.
    pub out: f64,
    /// Least output.
    pub min: f64,
    /// Largest output.
    pub max: f64,
}

/// The ranges of every stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranges {
    /// The mark of a file of ranges; those of earlier versions have none.
    #[serde(default)]
    generator: Generator,
    /// Where they come from, in words.
    pub source: String,
    /// How many images they were measured on; 0 for a bound.
    pub images: usize,
    /// Share of the values that ranges hold.
    #[serde(default = "all", skip_serializing_if = "is_all")]
    share: f64,
    /// By stage name, in the order of the stages.
    pub stages: IndexMap<String, Range>,
    /// Magnitude of partial sums, by stage name and by how many pieces its inputs are cut into; none where ranges hold all
    /// values.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    parts: IndexMap<String, Parts>,
}

fn all() -> f64 {
    Percentile::ALL.share()
}

fn is_all(share: &f64) -> bool {
    *share == all()
}

/// What [`Ranges::GENERATOR`] says, as a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
enum Generator {
    #[default]
    #[serde(rename = "memloom calibrate")]
    Calibrate,
}

/// Ranges that cannot be had, or do not fit a network.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RangesError {
    /// The file cannot be read.
    #[error("ranges file `{file}` cannot be read: {error}")]
    Io {
        /// The file.
        file: String,
        /// Why.
        #[source]
        error: io::Error,
    },
    /// Not JSON of the right form.
    #[error("the ranges are not of the form that calibration writes ({0}); calibrate again")]
    Json(#[from] serde_json::Error),
    /// A stage without a range.
    #[error("the ranges say nothing of stage `{0}`; calibrate this network again")]
    Missing(String),
    /// A range without a stage.
    #[error("the ranges speak of stage `{0}`, which the network does not have; calibrate this network again")]
    Unknown(String),
    /// Numbers that are no range.
    #[error(
        "the range of stage `{stage}` is {range:?}; it must be finite with min <= max and both within out"
    )]
    NotARange {
        /// The stage.
        stage: String,
        /// The numbers.
        range: Range,
    },
    /// A partial sum that is no magnitude.
    #[error("the partial sums of stage `{stage}` are {parts:?}; each must be a finite magnitude")]
    NoParts {
        /// The stage.
        stage: String,
        /// By number of pieces.
        parts: Parts,
    },
    /// A percentile that is none.
    #[error("the ranges hold `{0}` of the values; calibrate again, with a share from 50 % to 100 %")]
    Share(f64),
    /// Nothing to measure.
    #[error("there are no images to calibrate on; give at least one")]
    NoImages,
    /// An activation of which it is not known where it turns.
    #[error(
        "stage `{stage}`: nothing says where `{function}` turns, so its values have no bound; calibrate on images"
    )]
    Unbounded {
        /// The stage.
        stage: String,
        /// The user's own function.
        function: String,
    },
    /// Bounds of the input for another channel count.
    #[error("the input has {expected} channels but {found} bounds were given; give one per channel")]
    Channels {
        /// The network's channels.
        expected: usize,
        /// The bounds given.
        found: usize,
    },
}

impl Range {
    fn is_sound(&self) -> bool {
        let Self { pre, side, out, min, max } = *self;
        // Two sides make the whole: the larger one has at least half of it, but for rounding to buckets.
        let sides = side >= 0.49 * pre && side.is_finite();
        sides && pre >= 0.0 && pre.is_finite() && out.is_finite() && min <= max && -out <= min && max <= out
    }
}

impl Ranges {
    /// What a file's `generator` says, so that it is known again.
    pub const GENERATOR: &str = "memloom calibrate";

    /// Room between a range and a limit: none where values are left out.
    pub fn margin(&self) -> f64 {
        if self.share == all() { MARGIN } else { 1.0 }
    }

    /// Share of the values that the ranges hold.
    pub fn percentile(&self) -> Percentile {
        Percentile::new(self.share).expect("a share is checked where it is read")
    }

    /// The largest partial sum of a stage whose inputs are cut into `pieces`; `None` where none was measured.
    pub(crate) fn largest_part(&self, stage: &str, pieces: usize) -> Option<f64> {
        parts::largest(self.parts.get(stage)?, pieces)
    }

    /// The same with partial sums measured at `percentile`, as the ranges were; one entry per stage.
    pub(crate) fn with_parts(self, percentile: Percentile, parts: Vec<Parts>) -> Self {
        let named = self.stages.keys().cloned().zip(parts).filter(|(_, parts)| !parts.is_empty());
        Self { share: percentile.share(), parts: named.collect(), ..self }
    }

    /// Checks that the partial sums are numbers of this network's.
    pub(crate) fn checked_parts(self, stages: &[Stage]) -> Result<Self, RangesError> {
        self.fits(stages)?;
        Ok(self)
    }

    /// Gathers one range per stage, and checks each.
    pub(crate) fn checked(
        source: &str,
        images: usize,
        stages: &[Stage],
        ranges: Vec<Range>,
    ) -> Result<Self, RangesError> {
        let named = stages.iter().map(|stage| stage.name.clone()).zip(ranges).collect();
        let ranges = Self {
            generator: Generator::Calibrate,
            source: source.to_owned(),
            images,
            share: all(),
            stages: named,
            parts: IndexMap::new(),
        };
        ranges.fits(stages)?;
        Ok(ranges)
    }

    /// Reads a file as [`Ranges::from_json`] does.
    ///
    /// # Errors
    /// As [`Ranges::from_json`], or where the file cannot be read.
    pub fn read(path: &Path, stages: &[Stage]) -> Result<Self, RangesError> {
        let text = files::read_text(path, LONGEST_FILE);
        let text = text.map_err(|error| RangesError::Io { file: path.display().to_string(), error })?;
        Self::from_json(&text, stages)
    }

    /// Parses what [`Ranges::to_json`] wrote, and checks it against the stages.
    ///
    /// # Errors
    /// Where it is not of that form, a stage is missing or unknown, or a range is not sound.
    pub fn from_json(text: &str, stages: &[Stage]) -> Result<Self, RangesError> {
        let ranges: Self = serde_json::from_str(text)?;
        ranges.fits(stages)?;
        Ok(ranges)
    }

    /// JSON with a newline at its end; equal ranges give equal bytes.
    ///
    /// # Panics
    /// Never: the numbers are finite.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("finite numbers and text are JSON") + "\n"
    }

    /// The range of a stage.
    pub fn get(&self, stage: &str) -> Option<&Range> {
        self.stages.get(stage)
    }

    fn fits(&self, stages: &[Stage]) -> Result<(), RangesError> {
        if let Some(stage) = stages.iter().find(|stage| !self.stages.contains_key(&stage.name)) {
            return Err(RangesError::Missing(stage.name.clone()));
        }
        for (name, range) in &self.stages {
            if !stages.iter().any(|stage| stage.name == *name) {
                return Err(RangesError::Unknown(name.clone()));
            }
            if !range.is_sound() {
                return Err(RangesError::NotARange { stage: name.clone(), range: *range });
            }
        }
        if Percentile::new(self.share).is_none() {
            return Err(RangesError::Share(self.share));
        }
        for (name, parts) in &self.parts {
            if !self.stages.contains_key(name) {
                return Err(RangesError::Unknown(name.clone()));
            }
            let sound = |part: &f64| *part >= 0.0 && part.is_finite();
            if !parts.values().all(sound) {
                return Err(RangesError::NoParts { stage: name.clone(), parts: parts.clone() });
            }
        }
        Ok(())
    }
}
