//! How large each stage's values get, from images or from the weights alone: what the voltages are scaled by.

use std::{io, path::Path};

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{files, graph::Graph, reference::Reference, sides::Sides, stage::Stage};

/// The longest ranges file that is read, in bytes.
const LONGEST_FILE: u64 = 1 << 24;

/// The range of one stage's values, in the network's own numbers.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Largest magnitude before the activation.
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
    /// By stage name, in the order of the stages.
    pub stages: IndexMap<String, Range>,
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
    /// Holds nothing yet.
    const EMPTY: Self = Self { pre: 0.0, side: 0.0, out: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };

    /// The range of one stage on one image.
    fn of(pre: &[f64], side: f64, out: &[f64]) -> Self {
        let empty = Self { pre: largest(pre), side, ..Self::EMPTY };
        let range = out.iter().fold(empty, |r, &x| Self { min: r.min.min(x), max: r.max.max(x), ..r });
        Self { out: largest(out), ..range }
    }

    fn or(self, other: Self) -> Self {
        Self {
            pre: larger(self.pre, other.pre),
            side: larger(self.side, other.side),
            out: larger(self.out, other.out),
            min: self.min.min(other.min),
            max: self.max.max(other.max),
        }
    }

    fn is_sound(&self) -> bool {
        let Self { pre, side, out, min, max } = *self;
        // Two sides make the whole: the larger one has at least half of it, but for rounding.
        let sides = side >= 0.499 * pre && side.is_finite();
        sides && pre >= 0.0 && pre.is_finite() && out.is_finite() && min <= max && -out <= min && max <= out
    }
}

/// The largest magnitude; NaN if one is, which `f64::max` would hide.
fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest, value| larger(largest, value.abs()))
}

fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

impl Ranges {
    /// What a file's `generator` says, so that it is known again.
    pub const GENERATOR: &str = "memloom calibrate";

    /// Measures a graph on images (normalised, `[C][H][W]`), on all cores; the result does not depend on how many.
    ///
    /// # Errors
    /// Where there are no images, or the network's numbers overflow.
    ///
    /// # Panics
    /// Where an image's length is not that of the graph's input.
    pub fn measure(
        graph: &Graph,
        stages: &[Stage],
        images: &[Vec<f64>],
        source: &str,
    ) -> Result<Self, RangesError> {
        let sides = Sides::new(stages);
        let look = |tensors: &[Vec<f64>]| -> Vec<Range> {
            let range = |(at, s): (usize, &Stage)| {
                let pre = &tensors[s.pre_node.index()];
                let side = sides.largest(at, |input| &tensors[stages[input.index()].out_node.index()], pre);
                Range::of(pre, side.unwrap_or_else(|| largest(pre)), &tensors[s.out_node.index()])
            };
            stages.iter().enumerate().map(range).collect()
        };
        let per_image = Reference::new(graph).map_all(images, look);
        let join =
            |all: Vec<Range>, one: Vec<Range>| all.into_iter().zip(one).map(|(a, b)| a.or(b)).collect();
        let ranges = per_image.into_iter().reduce(join).ok_or(RangesError::NoImages)?;
        Self::checked(source, images.len(), stages, ranges)
    }

    /// Gathers one range per stage, and checks each.
    pub(crate) fn checked(
        source: &str,
        images: usize,
        stages: &[Stage],
        ranges: Vec<Range>,
    ) -> Result<Self, RangesError> {
        let named = stages.iter().map(|stage| stage.name.clone()).zip(ranges).collect();
        let ranges =
            Self { generator: Generator::Calibrate, source: source.to_owned(), images, stages: named };
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
        Ok(())
    }
}
