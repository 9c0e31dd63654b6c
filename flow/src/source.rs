//! A network, read and folded, with what its weights do not say.

use crate::Result;
use memloom_codegen::hex;
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
    /// The words of a command line that state `hints`: for advice that names a command.
    pub flags: Vec<String>,
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
    /// The words of a command line that state the caller's settings.
    flags: Vec<String>,
}

/// Where weights come from.
#[derive(Debug)]
enum Origin {
    Embedded,
    File(PathBuf),
    /// Nothing lies beside a pipe.
    Pipe(PathBuf),
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
                let hash = hex(Sha256::digest(&contents.bytes));
                let (name, origin) = match contents.piped {
                    true => (PIPED.into(), Origin::Pipe(path.into())),
                    false => (stem(path), Origin::File(path.into())),
                };
                (name, hash, Network::from_contents(path, contents, hints)?, origin)
            }
            None => {
                let (weights, _) = embedded();
                let name = "mobilenet_v3_small_cifar10".to_owned();
                let network = Network::parse(&name, weights, hints)?;
                (name, hex(Sha256::digest(weights)), network, Origin::Embedded)
            }
        };
        Need::of(&network.graph).within(reading.memory.unwrap_or_default(), network.settings.input)?;
        let stages = stages(&network.graph)?;
        Ok(Self { name, hash, network, stages, origin, flags: reading.flags.clone() })
    }

    /// Whether it is the network that comes with memloom.
    pub fn is_embedded(&self) -> bool {
        matches!(self.origin, Origin::Embedded)
    }

    /// The command that measures the ranges of this network's values on images of the user's, on a batch beside `images`
    /// if these are a batch. Its file is found beside the weights; for a network without a file `--ranges` names it.
    pub fn calibrate_line(&self, images: Option<&str>) -> String {
        let mut words = vec!["memloom".to_owned(), "calibrate".into()];
        let out = match &self.origin {
            Origin::Embedded => PathBuf::from("net.ranges.json"),
            Origin::File(path) => path.with_extension("ranges.json"),
            Origin::Pipe(_) => PathBuf::from(PIPED).with_extension("ranges.json"),
        };
        if let Origin::File(path) | Origin::Pipe(path) = &self.origin {
            words.push(path.display().to_string());
        }
        words.extend(self.flags.iter().cloned());
        words.extend(["--images".into(), training_batch(images), "--out".into(), out.display().to_string()]);
        let line = words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ");
        match self.origin {
            Origin::File(_) => line,
            _ => format!("{line} (then `--ranges {}`)", quoted(&out.display().to_string())),
        }
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
            (None, Origin::Pipe(_)) => self.ranges_of_pictures(),
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

/// A batch to calibrate on: the training batch beside a batch, else that batch, else a name to fill in.
fn training_batch(images: Option<&str>) -> String {
    const TRAINING: &str = "data_batch_1.bin";
    let batch =
        images.map(Path::new).filter(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("bin")));
    let beside = batch.map(|path| path.with_file_name(TRAINING)).filter(|path| path.is_file());
    beside.as_deref().or(batch).map_or_else(|| TRAINING.into(), |path| path.display().to_string())
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
