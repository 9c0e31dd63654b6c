//! torchvision's `mobilenet_v3_small` and `mobilenet_v3_large`: `features`, blocks of numbered layers, `classifier`.

use super::mobilenet::{Layer, ModelError};
use super::{Naming, Normed};
use crate::{arch::Arch, weights::Weights};

pub(super) struct Torchvision;

impl Naming for Torchvision {
    fn roots(&self) -> &'static [&'static str] {
        &["features", "classifier"]
    }

    fn epsilon(&self) -> f64 {
        1e-3
    }

    fn stem(&self) -> Normed {
        numbered("features.0")
    }

    /// An SE has `fc1` and `fc2`, others `0` and `1`. Any of a layer's tensors speaks for it, so that one that is missing
    /// is missed, and not taken for another network.
    fn block(&self, _: Arch, index: usize, weights: &Weights) -> Result<Vec<Layer>, ModelError> {
        let block = format!("features.{}.block", index + 1);
        let has = |place: usize, parts: [&str; 2]| {
            let prefixes = parts.map(|part| format!("{block}.{place}.{part}."));
            weights.names().any(|name| prefixes.iter().any(|prefix| name.starts_with(prefix)))
        };
        let kind = |place| match (has(place, ["0", "1"]), has(place, ["fc1", "fc2"])) {
            (true, false) => Some('c'),
            (false, true) => Some('s'),
            _ => None,
        };
        let found: String = (0..).map_while(kind).collect();
        let tensor = |place: usize| format!("{block}.{place}");
        let se = |place| Layer::SqueezeExcite {
            squeeze: format!("{}.fc1", tensor(place)),
            excite: format!("{}.fc2", tensor(place)),
        };
        let conv = |place| numbered(&tensor(place));
        Ok(match found.as_str() {
            "cc" => vec![Layer::Depthwise(conv(0)), Layer::Project(conv(1))],
            "csc" => vec![Layer::Depthwise(conv(0)), se(1), Layer::Project(conv(2))],
            "ccc" => vec![Layer::Expand(conv(0)), Layer::Depthwise(conv(1)), Layer::Project(conv(2))],
            "ccsc" => {
                vec![Layer::Expand(conv(0)), Layer::Depthwise(conv(1)), se(2), Layer::Project(conv(3))]
            }
            _ => return Err(not_a_block(weights, block, &found)),
        })
    }

    fn last(&self, arch: Arch) -> Normed {
        numbered(&format!("features.{}", arch.blocks().len() + 1))
    }

    fn linears(&self) -> [&'static str; 2] {
        ["classifier.0", "classifier.3"]
    }
}

/// `.0` is the convolution, `.1` its batch norm.
fn numbered(tensor: &str) -> Normed {
    Normed::new(format!("{tensor}.0"), format!("{tensor}.1"))
}

fn not_a_block(weights: &Weights, block: String, found: &str) -> ModelError {
    let layer = |kind| if kind == 'c' { "convolution" } else { "squeeze-and-excitation" };
    let found = format!("[{}]", found.chars().map(layer).collect::<Vec<_>>().join(", "));
    ModelError::Block { file: weights.file().to_owned(), block, found }
}
