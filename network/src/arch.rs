//! The two MobileNetV3s, and what their tensors do not say: each block's stride and activation.
//!
//! The tables are those of Howard et al., "Searching for MobileNetV3" (2019), as torchvision has them.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::graph::Act;

/// Which MobileNetV3.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub enum Arch {
    /// `mobilenet_v3_small`: 11 blocks.
    Small,
    /// `mobilenet_v3_large`: 15 blocks.
    Large,
}

/// What tensors do not say of an inverted residual block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    /// Stride of its depthwise convolution.
    pub stride: usize,
    /// Its activation: ReLU or hard swish.
    pub act: Act,
}

const fn block(stride: usize, act: Act) -> Block {
    Block { stride, act }
}

const fn re(stride: usize) -> Block {
    block(stride, Act::RELU)
}

const fn hs(stride: usize) -> Block {
    block(stride, Act::HARD_SWISH)
}

const SMALL: [Block; 11] = [re(2), re(2), re(1), hs(2), hs(1), hs(1), hs(1), hs(1), hs(2), hs(1), hs(1)];

const LARGE: [Block; 15] =
    [re(1), re(2), re(1), re(2), re(1), re(1), hs(2), hs(1), hs(1), hs(1), hs(1), hs(1), hs(2), hs(1), hs(1)];

impl Arch {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Small, Self::Large];

    /// Its blocks, first to last, as torchvision builds them for ImageNet.
    pub const fn blocks(self) -> &'static [Block] {
        match self {
            Self::Small => &SMALL,
            Self::Large => &LARGE,
        }
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Small => "mobilenet_v3_small",
            Self::Large => "mobilenet_v3_large",
        })
    }
}

/// The name of no architecture known here.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is not an architecture; write `mobilenet_v3_small` or `mobilenet_v3_large`")]
pub struct UnknownArch(String);

impl FromStr for Arch {
    type Err = UnknownArch;

    fn from_str(text: &str) -> Result<Self, UnknownArch> {
        let named = |arch: &Self| arch.to_string() == text;
        Self::ALL.into_iter().find(named).ok_or_else(|| UnknownArch(text.to_owned()))
    }
}
