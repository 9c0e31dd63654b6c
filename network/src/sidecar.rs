//! What weights do not say about a network: image size, strides, normalisation, class names.
//!
//! It comes from the caller first, then from a JSON file beside the weights or their own metadata, which must agree,
//! and last from the defaults of the weights' maker.

use std::{collections::BTreeMap, fmt::Debug, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    arch::{Arch, UnknownArch},
    graph::Shape,
};

/// What one source says; a field it does not mention is `None`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hints {
    /// `mobilenet_v3_small` or `mobilenet_v3_large`.
    pub arch: Option<Arch>,
    /// The image, `CxHxW`.
    pub input: Option<Shape>,
    /// Stride of the first convolution.
    pub stem_stride: Option<usize>,
    /// Stride of the first block's depthwise convolution.
    pub first_block_stride: Option<usize>,
    /// Whether the first block adds its input to its output, which no tensor tells.
    pub first_block_residual: Option<bool>,
    /// Batch norm's epsilon.
    pub bn_eps: Option<f64>,
    /// Mean of each input channel, of pixels in 0 to 1.
    pub mean: Option<Vec<f64>>,
    /// Standard deviation of each input channel, of pixels in 0 to 1.
    pub std: Option<Vec<f64>>,
    /// How many classes there are.
    pub num_classes: Option<usize>,
    /// Names of the classes, in the order of the logits.
    pub classes: Option<Vec<String>>,
}

/// What tensors and their names tell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Told {
    /// The architecture.
    pub arch: Arch,
    /// How many logits there are.
    pub outputs: usize,
    /// Batch norm's epsilon of their maker: 1e-3 of torchvision, 1e-5 of timm.
    pub bn_eps: f64,
}

/// Everything that weights do not say, checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    /// The architecture.
    pub arch: Arch,
    /// The image.
    pub input: Shape,
    /// Stride of the first convolution.
    pub stem_stride: usize,
    /// Stride of the first block's depthwise convolution.
    pub first_block_stride: usize,
    /// Whether the first block adds its input to its output; `None` leaves it to torchvision's rule.
    pub first_block_residual: Option<bool>,
    /// Batch norm's epsilon.
    pub bn_eps: f64,
    /// Mean of each input channel, of pixels in 0 to 1.
    pub mean: Vec<f64>,
    /// Standard deviation of each input channel, of pixels in 0 to 1.
    pub std: Vec<f64>,
    /// Names of the classes, in the order of the logits.
    pub classes: Vec<String>,
}

/// The one setting whose value only the built network tells.
pub(crate) const FIRST_BLOCK_RESIDUAL: &str = "first_block_residual";

/// A setting that nobody stated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unstated {
    /// Its key in a JSON file of settings.
    pub setting: &'static str,
    /// What it is taken for.
    pub value: String,
}

/// A setting that cannot be.
#[derive(Debug, thiserror::Error, PartialEq)]
#[non_exhaustive]
pub enum SettingsError {
    /// Not JSON of the right form.
    #[error("the settings beside the weights cannot be read: {0}; write one JSON object of settings")]
    Json(String),
    /// A text in the metadata that is no such value.
    #[error("metadata `{key}` is `{value}`; write it {hint}")]
    Metadata {
        /// The key.
        key: &'static str,
        /// Its text.
        value: String,
        /// What to write.
        hint: &'static str,
    },
    /// Two sources say different things.
    #[error(
        "`{key}` is `{sidecar}` in the JSON file and `{metadata}` in the weights' metadata; make them agree"
    )]
    Contradiction {
        /// The key.
        key: &'static str,
        /// What the JSON file says.
        sidecar: String,
        /// What the metadata say.
        metadata: String,
    },
    /// A value that makes no sense, or does not fit the others.
    #[error("`{key}` is `{value}`; {hint}")]
    Value {
        /// The key.
        key: &'static str,
        /// Its value.
        value: String,
        /// What to write.
        hint: String,
    },
}

impl Hints {
    /// Reads a JSON object of settings; unknown keys are errors.
    ///
    /// # Errors
    /// Where it is not of that form.
    pub fn from_json(text: &str) -> Result<Self, SettingsError> {
        serde_json::from_str(text).map_err(|error| SettingsError::Json(error.to_string()))
    }

    /// Reads a weights file's metadata: lists are separated by commas. Other keys are free and not read.
    ///
    /// # Errors
    /// Where the text of a known key is no such value.
    pub fn from_metadata(metadata: &BTreeMap<String, String>) -> Result<Self, SettingsError> {
        const NUMBERS: &str = "as numbers separated by commas";
        const WHOLE: &str = "as a whole number";
        Ok(Self {
            arch: parsed(metadata, "arch", "as `mobilenet_v3_small` or `mobilenet_v3_large`")?,
            input: parsed(metadata, "input", "as channels x height x width, such as `3x32x32`")?,
            stem_stride: parsed(metadata, "stem_stride", WHOLE)?,
            first_block_stride: parsed(metadata, "first_block_stride", WHOLE)?,
            first_block_residual: parsed(metadata, "first_block_residual", "as `true` or `false`")?,
            bn_eps: parsed(metadata, "bn_eps", "as a number, such as `0.001`")?,
            mean: listed(metadata, "mean", NUMBERS)?,
            std: listed(metadata, "std", NUMBERS)?,
            num_classes: parsed(metadata, "num_classes", WHOLE)?,
            classes: listed(metadata, "classes", "as names separated by commas")?,
        })
    }
}

impl Hints {
    /// The settings of the network's function that this does not mention.
    fn silent(&self) -> Vec<&'static str> {
        let all = [
            ("input", self.input.is_none()),
            ("stem_stride", self.stem_stride.is_none()),
            ("first_block_stride", self.first_block_stride.is_none()),
            (FIRST_BLOCK_RESIDUAL, self.first_block_residual.is_none()),
            ("bn_eps", self.bn_eps.is_none()),
            ("mean", self.mean.is_none()),
            ("std", self.std.is_none()),
        ];
        all.into_iter().filter(|(_, silent)| *silent).map(|(setting, _)| setting).collect()
    }
}

impl Settings {
    /// Settles every setting for a network of that architecture with `outputs` logits; with those that nobody stated.
    ///
    /// # Errors
    /// Where the sidecar and the metadata differ (and the caller does not say), or a value makes no sense.
    pub fn resolve(
        caller: Hints,
        sidecar: Hints,
        metadata: Hints,
        told: Told,
    ) -> Result<(Self, Vec<Unstated>), SettingsError> {
        let Told { arch, outputs, .. } = told;
        let said = Hints {
            arch: settle("arch", caller.arch, sidecar.arch, metadata.arch)?,
            input: settle("input", caller.input, sidecar.input, metadata.input)?,
            stem_stride: settle(
                "stem_stride",
                caller.stem_stride,
                sidecar.stem_stride,
                metadata.stem_stride,
            )?,
            first_block_stride: settle(
                "first_block_stride",
                caller.first_block_stride,
                sidecar.first_block_stride,
                metadata.first_block_stride,
            )?,
            first_block_residual: settle(
                "first_block_residual",
                caller.first_block_residual,
                sidecar.first_block_residual,
                metadata.first_block_residual,
            )?,
            bn_eps: settle("bn_eps", caller.bn_eps, sidecar.bn_eps, metadata.bn_eps)?,
            mean: settle("mean", caller.mean, sidecar.mean, metadata.mean)?,
            std: settle("std", caller.std, sidecar.std, metadata.std)?,
            num_classes: settle(
                "num_classes",
                caller.num_classes,
                sidecar.num_classes,
                metadata.num_classes,
            )?,
            classes: settle("classes", caller.classes, sidecar.classes, metadata.classes)?,
        };
        if let Some(said) = said.arch.filter(|said| *said != arch) {
            let hint = format!("the tensors are those of `{arch}`; remove the key or write that");
            return Err(SettingsError::Value { key: "arch", value: said.to_string(), hint });
        }
        if let Some(said) = said.num_classes {
            must(said == outputs, "num_classes", said, || {
                format!("the last layer has {outputs} outputs; remove the key or write that")
            })?;
        }
        let silent = said.silent();
        let settings = with_defaults(said, told).checked(outputs)?;
        // A first block that steps over pixels cannot add its input.
        let matters = |setting: &&str| *setting != FIRST_BLOCK_RESIDUAL || settings.first_block_stride == 1;
        let unstated = silent.into_iter().filter(matters);
        let unstated = unstated.map(|setting| Unstated { setting, value: settings.text(setting) }).collect();
        Ok((settings, unstated))
    }

    /// The value of a setting as a JSON file's metadata have it.
    fn text(&self, setting: &str) -> String {
        let list = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
        match setting {
            "input" => self.input.to_string(),
            "stem_stride" => self.stem_stride.to_string(),
            "first_block_stride" => self.first_block_stride.to_string(),
            FIRST_BLOCK_RESIDUAL => "torchvision's rule".into(),
            "bn_eps" => self.bn_eps.to_string(),
            "mean" => list(&self.mean),
            _ => list(&self.std),
        }
    }

    /// The least and the largest normalised value of each input channel.
    pub fn input_range(&self) -> Vec<(f64, f64)> {
        self.mean.iter().zip(&self.std).map(|(mean, std)| (-mean / std, (1.0 - mean) / std)).collect()
    }

    fn checked(self, outputs: usize) -> Result<Self, SettingsError> {
        let Shape { channels, height, width } = self.input;
        let positive = || "write a whole number of 1 or more".to_owned();
        must(channels.min(height).min(width) > 0, "input", self.input, || {
            "every size must be at least 1".into()
        })?;
        must(self.stem_stride > 0, "stem_stride", self.stem_stride, positive)?;
        must(self.first_block_stride > 0, "first_block_stride", self.first_block_stride, positive)?;
        must(self.bn_eps > 0.0 && self.bn_eps < 1.0, "bn_eps", self.bn_eps, || {
            "write a number between 0 and 1".into()
        })?;
        let count = || format!("write {channels} finite numbers, one per input channel");
        let mean_fits = self.mean.len() == channels && self.mean.iter().all(|mean| mean.is_finite());
        must(mean_fits, "mean", &self.mean, count)?;
        let std_fits = self.std.len() == channels && self.std.iter().all(|std| std.is_finite() && *std > 0.0);
        must(std_fits, "std", &self.std, || format!("{}, each above 0", count()))?;
        let mut names = self.classes.clone();
        names.sort();
        names.dedup();
        let classes_fit =
            self.classes.len() == outputs && names.len() == outputs && names.iter().all(|n| !n.is_empty());
        must(classes_fit, "classes", &self.classes, || {
            format!("write {outputs} different names, one per output")
        })?;
        Ok(self)
    }
}

/// Fills the gaps as the weights' maker does: ImageNet's size and statistics. No statistics are known but those of RGB.
fn with_defaults(said: Hints, told: Told) -> Settings {
    let Told { arch, outputs, bn_eps } = told;
    let input = said.input.unwrap_or(Shape::new(3, 224, 224));
    let statistics = |rgb: [f64; 3]| if input.channels == 3 { rgb.to_vec() } else { Vec::new() };
    Settings {
        arch,
        input,
        stem_stride: said.stem_stride.unwrap_or(2),
        first_block_stride: said.first_block_stride.unwrap_or(arch.blocks()[0].stride),
        first_block_residual: said.first_block_residual,
        bn_eps: said.bn_eps.unwrap_or(bn_eps),
        mean: said.mean.unwrap_or_else(|| statistics([0.485, 0.456, 0.406])),
        std: said.std.unwrap_or_else(|| statistics([0.229, 0.224, 0.225])),
        classes: said.classes.unwrap_or_else(|| (0..outputs).map(|class| format!("class {class}")).collect()),
    }
}

fn settle<T: PartialEq + Debug>(
    key: &'static str,
    caller: Option<T>,
    sidecar: Option<T>,
    metadata: Option<T>,
) -> Result<Option<T>, SettingsError> {
    match (caller, sidecar, metadata) {
        (Some(said), _, _) => Ok(Some(said)),
        (None, Some(sidecar), Some(metadata)) if sidecar != metadata => {
            let (sidecar, metadata) = (format!("{sidecar:?}"), format!("{metadata:?}"));
            Err(SettingsError::Contradiction { key, sidecar, metadata })
        }
        (None, sidecar, metadata) => Ok(sidecar.or(metadata)),
    }
}

fn must(
    holds: bool,
    key: &'static str,
    value: impl Debug,
    hint: impl FnOnce() -> String,
) -> Result<(), SettingsError> {
    if holds { Ok(()) } else { Err(SettingsError::Value { key, value: format!("{value:?}"), hint: hint() }) }
}

fn parsed<T: FromStr>(
    metadata: &BTreeMap<String, String>,
    key: &'static str,
    hint: &'static str,
) -> Result<Option<T>, SettingsError> {
    let Some(value) = metadata.get(key) else { return Ok(None) };
    let error = |_| SettingsError::Metadata { key, value: value.clone(), hint };
    value.trim().parse().map(Some).map_err(error)
}

fn listed<T: FromStr>(
    metadata: &BTreeMap<String, String>,
    key: &'static str,
    hint: &'static str,
) -> Result<Option<Vec<T>>, SettingsError> {
    let Some(value) = metadata.get(key) else { return Ok(None) };
    let items: Result<Vec<T>, _> = value.split(',').map(|item| item.trim().parse()).collect();
    items.map(Some).map_err(|_| SettingsError::Metadata { key, value: value.clone(), hint })
}

/// A text that is not `CxHxW`.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not a shape; write channels x height x width, such as `3x32x32`")]
pub struct NotAShape(String);

impl FromStr for Shape {
    type Err = NotAShape;

    fn from_str(text: &str) -> Result<Self, NotAShape> {
        let sizes: Result<Vec<usize>, _> = text.split('x').map(|size| size.trim().parse()).collect();
        match sizes.as_deref() {
            Ok(&[channels, height, width]) => Ok(Self::new(channels, height, width)),
            _ => Err(NotAShape(text.to_owned())),
        }
    }
}

impl TryFrom<String> for Shape {
    type Error = NotAShape;

    fn try_from(text: String) -> Result<Self, NotAShape> {
        text.parse()
    }
}

impl From<Shape> for String {
    fn from(shape: Shape) -> Self {
        shape.to_string()
    }
}

impl From<Arch> for String {
    fn from(arch: Arch) -> Self {
        arch.to_string()
    }
}

impl TryFrom<String> for Arch {
    type Error = UnknownArch;

    fn try_from(text: String) -> Result<Self, UnknownArch> {
        text.parse()
    }
}
