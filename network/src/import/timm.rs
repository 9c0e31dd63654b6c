//! timm's `mobilenetv3_small_*` and `mobilenetv3_large_*`: `conv_stem`, `blocks` by stage and place, `conv_head`.
//!
//! The networks are torchvision's, squeeze-and-excitation's widths too; batch norm's epsilon is PyTorch's own. Of timm's
//! kin with the same names, `tf_mobilenetv3_*` pads unevenly and has an epsilon of 1e-3, which no tensor tells: the
//! epsilon is among the settings that are told as unstated. `*_minimal_*` has ReLU throughout, and is told by its lack of
//! squeeze-and-excitation.

use super::mobilenet::{Layer, ModelError};
use super::{Naming, Normed};
use crate::{arch::Arch, weights::Weights};

/// Blocks of each stage; the last convolution is a stage of its own behind them.
const SMALL: [usize; 5] = [1, 2, 3, 2, 3];
const LARGE: [usize; 6] = [1, 2, 3, 4, 2, 3];

pub(super) struct Timm;

impl Naming for Timm {
    fn roots(&self) -> &'static [&'static str] {
        &["conv_stem", "bn1", "blocks", "conv_head", "classifier"]
    }

    fn epsilon(&self) -> f64 {
        1e-5
    }

    fn stem(&self) -> Normed {
        Normed::new("conv_stem", "bn1")
    }

    /// A block that expands ends in `conv_pwl`, another one, which is depthwise at once, in `conv_pw`.
    fn block(&self, arch: Arch, index: usize, weights: &Weights) -> Result<Vec<Layer>, ModelError> {
        let block = place(stages(arch), index);
        let has = |part: &str| {
            weights.names().any(|name| name.strip_prefix(&block).is_some_and(|n| n.starts_with(part)))
        };
        let normed =
            |conv: &str, norm: &str| Normed::new(format!("{block}.{conv}"), format!("{block}.{norm}"));
        let se = has(".se.").then(|| Layer::SqueezeExcite {
            squeeze: format!("{block}.se.conv_reduce"),
            excite: format!("{block}.se.conv_expand"),
        });
        let (before, project) = match has(".conv_pwl.") || has(".bn3.") {
            true => (
                vec![Layer::Expand(normed("conv_pw", "bn1")), Layer::Depthwise(normed("conv_dw", "bn2"))],
                normed("conv_pwl", "bn3"),
            ),
            false => (vec![Layer::Depthwise(normed("conv_dw", "bn1"))], normed("conv_pw", "bn2")),
        };
        Ok(before.into_iter().chain(se).chain([Layer::Project(project)]).collect())
    }

    fn last(&self, arch: Arch) -> Normed {
        let stage = stages(arch).len();
        Normed::new(format!("blocks.{stage}.0.conv"), format!("blocks.{stage}.0.bn1"))
    }

    fn linears(&self) -> [&'static str; 2] {
        ["conv_head", "classifier"]
    }

    fn check(&self, weights: &Weights) -> Result<(), ModelError> {
        match weights.names().any(|name| name.contains(".se.")) {
            true => Ok(()),
            false => Err(ModelError::Minimal { file: weights.file().to_owned() }),
        }
    }
}

fn stages(arch: Arch) -> &'static [usize] {
    match arch {
        Arch::Small => &SMALL,
        Arch::Large => &LARGE,
    }
}

/// `blocks.STAGE.PLACE` of a block.
fn place(stages: &[usize], mut index: usize) -> String {
    let mut stage = 0;
    while stages.get(stage).is_some_and(|count| index >= *count) {
        index -= stages[stage];
        stage += 1;
    }
    format!("blocks.{stage}.{index}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_counted_by_stage() {
        let places =
            |arch: Arch| (0..arch.blocks().len()).map(|k| place(stages(arch), k)).collect::<Vec<_>>();
        assert_eq!(places(Arch::Small)[..4], ["blocks.0.0", "blocks.1.0", "blocks.1.1", "blocks.2.0"]);
        assert_eq!(places(Arch::Small).last().unwrap(), "blocks.4.2");
        assert_eq!(places(Arch::Large).last().unwrap(), "blocks.5.2");
        for (arch, stages) in [(Arch::Small, &SMALL[..]), (Arch::Large, &LARGE[..])] {
            assert_eq!(stages.iter().sum::<usize>(), arch.blocks().len());
        }
    }
}
