//! A trained network as one reads it: weights and settings in, a checked graph out.

use std::{io, path::Path};

use crate::{
    arch::Arch,
    error::Error,
    files,
    graph::Graph,
    sidecar::{Hints, Settings},
    torchvision,
    weights::Weights,
};

/// The longest file of settings that is read, in bytes.
const LONGEST_SIDECAR: u64 = 1 << 20;

/// A trained network.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// Its operations.
    pub graph: Graph,
    /// What the weights do not say.
    pub settings: Settings,
}

impl Network {
    /// Reads a safetensors file, and the settings in `<path without extension>.json` if there is such a file.
    /// What the caller says goes before both.
    ///
    /// # Errors
    /// Where a file cannot be read or is not a MobileNetV3 of torchvision, or a setting makes no sense.
    pub fn read(path: &Path, caller: Hints) -> Result<Self, Error> {
        let weights = Weights::read(path)?;
        let beside = path.with_extension("json");
        match files::read_text(&beside, LONGEST_SIDECAR) {
            Ok(text) => {
                let file = beside.display().to_string();
                let sidecar = Hints::from_json(&text).map_err(|problem| Error::Settings { file, problem })?;
                Self::build(weights, sidecar, caller)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Self::build(weights, Hints::default(), caller)
            }
            Err(error) => Err(Error::Read { file: beside.display().to_string(), error }),
        }
    }

    /// As [`Network::read`], from a safetensors file's bytes alone; `file` is its name for messages.
    ///
    /// # Errors
    /// As [`Network::read`].
    pub fn parse(file: &str, bytes: &[u8], caller: Hints) -> Result<Self, Error> {
        Self::build(Weights::parse(file, bytes)?, Hints::default(), caller)
    }

    /// Builds the network from weights and what is said about them.
    ///
    /// # Errors
    /// As [`Network::read`].
    pub fn build(weights: Weights, sidecar: Hints, caller: Hints) -> Result<Self, Error> {
        let arch = Arch::detect(&weights)?;
        let outputs = torchvision::outputs(&weights)?;
        let settings = Hints::from_metadata(weights.metadata())
            .and_then(|metadata| Settings::resolve(caller, sidecar, metadata, arch, outputs))
            .map_err(|problem| Error::Settings { file: weights.file().to_owned(), problem })?;
        let graph = torchvision::build(weights, &settings)?;
        Ok(Self { graph, settings })
    }
}
