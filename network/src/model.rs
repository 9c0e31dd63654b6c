//! A trained network as one reads it: weights and settings in, a checked graph out.

use std::{io, path::Path};

use crate::{
    error::Error,
    files::{self, Contents},
    graph::Graph,
    import,
    sidecar::{FIRST_BLOCK_RESIDUAL, Hints, Settings, Told, Unstated},
    weights::{LONGEST_FILE, Weights, WeightsError},
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
    /// Settings that neither caller nor files state: what their maker's networks for ImageNet have.
    pub unstated: Vec<Unstated>,
    /// What stood before the names of all tensors and was left out, such as `module.`.
    pub prefix: Option<String>,
}

impl Network {
    /// Reads a safetensors file, and the settings in `<path without extension>.json` if there is such a file.
    /// What the caller says goes before both.
    ///
    /// # Errors
    /// Where a file cannot be read or is not a MobileNetV3 of torchvision or timm, or a setting makes no sense.
    pub fn read(path: &Path, caller: Hints) -> Result<Self, Error> {
        Self::from_contents(path, files::read(path, LONGEST_FILE).map_err(unreadable(path))?, caller)
    }

    /// As [`Network::read`], from what [`files::read`] took from `path`: for who needs the bytes themselves too. What
    /// came through a pipe has no settings beside it.
    ///
    /// # Errors
    /// As [`Network::read`].
    pub fn from_contents(path: &Path, contents: Contents, caller: Hints) -> Result<Self, Error> {
        let weights = Weights::from_bytes(&path.display().to_string(), contents.bytes)?;
        if contents.piped {
            return Self::build(weights, Hints::default(), caller);
        }
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
    pub fn build(mut weights: Weights, sidecar: Hints, caller: Hints) -> Result<Self, Error> {
        let prefix = weights.strip(import::is_own);
        let (names, arch) = import::detect(&weights)?;
        let told = Told { arch, outputs: import::outputs(names, &weights)?, bn_eps: names.epsilon() };
        let (settings, mut unstated) = Hints::from_metadata(weights.metadata())
            .and_then(|metadata| Settings::resolve(caller, sidecar, metadata, told))
            .map_err(|problem| Error::Settings { file: weights.file().to_owned(), problem })?;
        let graph = import::build(names, weights, &settings)?;
        for silent in unstated.iter_mut().filter(|u| u.setting == FIRST_BLOCK_RESIDUAL) {
            silent.value = graph.nodes().iter().any(|node| node.name == "b0.add").to_string();
        }
        Ok(Self { graph, settings, unstated, prefix })
    }
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> WeightsError {
    move |error| WeightsError { file: path.display().to_string(), problem: error.into() }
}
