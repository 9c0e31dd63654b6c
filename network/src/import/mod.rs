//! A MobileNetV3 from the names and shapes of its tensors, by whoever it was made.
//!
//! Makers differ in what they call a layer's tensors, and in batch norm's epsilon; the network is the same. A maker is a
//! file here: what it calls things (`Naming`). `mobilenet.rs` builds the graph.

mod mobilenet;
mod timm;
mod torchvision;

pub use mobilenet::ModelError;
pub(crate) use mobilenet::{build, outputs};

use crate::{arch::Arch, names, weights::Weights};
use mobilenet::Layer;

/// The makers that are known.
const MAKERS: [&dyn Naming; 2] = [&torchvision::Torchvision, &timm::Timm];

/// What a maker calls the tensors of a MobileNetV3.
pub(crate) trait Naming {
    /// The first parts of all names.
    fn roots(&self) -> &'static [&'static str];

    /// Batch norm's epsilon, which no tensor tells.
    fn epsilon(&self) -> f64;

    /// The first convolution.
    fn stem(&self) -> Normed;

    /// The layers of block `index` of `arch`, told by which tensors there are.
    ///
    /// # Errors
    /// Where they are those of no inverted residual.
    fn block(&self, arch: Arch, index: usize, weights: &Weights) -> Result<Vec<Layer>, ModelError>;

    /// The last convolution, before pooling.
    fn last(&self, arch: Arch) -> Normed;

    /// The two linear layers.
    fn linears(&self) -> [&'static str; 2];

    /// Whether the activations of this network are those of the tables in [`arch`](crate::arch).
    ///
    /// # Errors
    /// Where they are others.
    fn check(&self, _weights: &Weights) -> Result<(), ModelError> {
        Ok(())
    }
}

/// A convolution and its batch norm.
pub(crate) struct Normed {
    /// What stands before `.weight` of the convolution.
    pub(crate) conv: String,
    /// What stands before `.running_mean` and so on.
    pub(crate) norm: String,
}

impl Normed {
    fn new(conv: impl Into<String>, norm: impl Into<String>) -> Self {
        Self { conv: conv.into(), norm: norm.into() }
    }
}

/// Tells maker and architecture from the place of the last convolution.
///
/// # Errors
/// Where it is at none of the places, or at several.
pub(crate) fn detect(weights: &Weights) -> Result<(&'static dyn Naming, Arch), ModelError> {
    let has_last = |(maker, arch): &(&dyn Naming, Arch)| {
        weights.shape(&format!("{}.weight", maker.last(*arch).conv)).is_some()
    };
    let all = MAKERS.into_iter().flat_map(|maker| Arch::ALL.map(|arch| (maker, arch)));
    match all.filter(has_last).collect::<Vec<_>>()[..] {
        [found] => Ok(found),
        _ => {
            let found = names::found(&weights.names().collect::<Vec<_>>());
            Err(ModelError::Arch { file: weights.file().to_owned(), found })
        }
    }
}

/// Whether a name of some maker begins with this part.
pub(crate) fn is_own(part: &str) -> bool {
    MAKERS.iter().any(|maker| maker.roots().contains(&part))
}
