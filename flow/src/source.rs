//! A network, read and folded, with what its weights do not say.

use crate::Result;
use memloom_network::budget::{Budget, Need};
use memloom_network::calibrate::RangesError;
use memloom_network::images::Image;
use memloom_network::sidecar::Hints;
use memloom_network::stage::{Stage, stages};
use memloom_network::weights::LONGEST_FILE;
use memloom_network::{Network, Ranges, embedded, files};
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// Source of [`Ranges`] that were measured on no images of the user's.
pub const BUILT_IN: &str = "variants of the built-in test pattern";

/// Name of a design whose weights came through a pipe.
const PIPED: &str = "network";

/// What weights do not say, and what reading them may take.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Settings that go before those of the weights' metadata and of the file beside them.
    pub hints: Hints,
    /// Ranges that `memloom calibrate` wrote. If left out: the file beside the weights, else measured on pictures that
    /// come with memloom.
    pub ranges: Option<PathBuf>,
    /// Memory that the network may take; [`Budget::default`] if left out.
    pub memory: Option<Budget>,
}

/// A network, read and folded.
#[derive(Debug)]
pub struct Source {
    /// Name of the design: the weights' file name without its ending.
    pub name: String,
    /// Hash of the weights, hexadecimal SHA-256: of the very bytes that the network was parsed from.
    pub hash: String,
    /// The network.
    pub network: Network,
    /// Its graph folded for the mapper: batch norm and activations beside their matrices.
    pub stages: Vec<Stage>,
    origin: Origin,
}

/// Where weights come from.
#[derive(Debug)]
enum Origin {
    Embedded,
    File(PathBuf),
    /// Nothing lies beside a pipe.
    Pipe,
}

impl Source {
    /// Reads the weights `model`, or those of the embedded network.
    ///
    /// # Errors
    /// If they cannot be read, are no network that is known, or take more memory than there is to be taken.
    pub fn read(model: Option<&Path>, reading: &Reading) -> Result<Self> {
        let hints = reading.hints.clone();
        let (name, hash, network, origin) = match model {
            Some(path) => {
                let contents = files::read(path, LONGEST_FILE)
                    .map_err(|e| format!("weights file `{}` cannot be read: {e}", path.display()))?;
                let hash = hex(&Sha256::digest(&contents.bytes));
                let (name, origin) = match contents.piped {
                    true => (PIPED.into(), Origin::Pipe),
                    false => (stem(path), Origin::File(path.into())),
                };
                (name, hash, Network::from_contents(path, contents, hints)?, origin)
            }
            None => {
                let (weights, _) = embedded();
                let name = "mobilenet_v3_small_cifar10".to_owned();
                let network = Network::parse(&name, weights, hints)?;
                (name, hex(&Sha256::digest(weights)), network, Origin::Embedded)
            }
        };
        Need::of(&network.graph).within(reading.memory.unwrap_or_default(), network.settings.input)?;
        let stages = stages(&network.graph)?;
        Ok(Self { name, hash, network, stages, origin })
    }

    /// The ranges for the network: given, found beside the weights, embedded, or measured on built-in pictures
    /// (their source is then [`BUILT_IN`]).
    ///
    /// # Errors
    /// If a file of ranges cannot be read or is not this network's.
    pub fn ranges(&self, given: Option<&Path>) -> Result<Ranges> {
        match (given, &self.origin) {
            (Some(path), _) => Ok(Ranges::read(path, &self.stages)?),
            (None, Origin::Embedded) => Ok(Ranges::from_json(embedded().1, &self.stages)?),
            (None, Origin::Pipe) => self.ranges_of_pictures(),
            (None, Origin::File(model)) => {
                match Ranges::read(&model.with_extension("ranges.json"), &self.stages) {
                    Err(RangesError::Io { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
                        self.ranges_of_pictures()
                    }
                    read => Ok(read?),
                }
            }
        }
    }

    /// Ranges measured on the built-in test pattern, turned and recoloured: for a network without calibration. A bound
    /// by the weights would be safe, but grows with each layer until signals are lost in noise.
    fn ranges_of_pictures(&self) -> Result<Ranges> {
        let settings = &self.network.settings;
        let pattern = Image::test_pattern(settings.input);
        let pictures = pattern
            .variants()
            .iter()
            .map(|i| i.normalised(settings))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        Ok(Ranges::measure(&self.network.graph, &self.stages, &pictures, BUILT_IN)?)
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
