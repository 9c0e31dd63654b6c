//! The numbers that a layer's tiles hold: a matrix of the network, or the mean of a pooling.

use crate::stage::Matrix;

/// The numbers of a matrix, block by block.
pub(super) trait Weights {
    /// Inputs of one block, without the bias.
    fn inputs(&self) -> usize;
    /// Outputs of one block.
    fn outputs(&self) -> usize;
    /// The weight from `input` to `output` of `block`.
    fn weight(&self, block: usize, output: usize, input: usize) -> f64;
    /// The bias of `output` of `block`; `None` if the matrix has no bias.
    fn bias(&self, block: usize, output: usize) -> Option<f64>;
}

impl Weights for Matrix {
    fn inputs(&self) -> usize {
        self.taps()
    }
    fn outputs(&self) -> usize {
        self.out / self.groups
    }
    fn weight(&self, block: usize, output: usize, input: usize) -> f64 {
        self.row(block * self.outputs() + output)[input]
    }
    fn bias(&self, block: usize, output: usize) -> Option<f64> {
        Some(self.bias[block * self.outputs() + output])
    }
}

/// The mean over a channel's pixels.
pub(super) struct Mean {
    pub(super) pixels: usize,
}

impl Weights for Mean {
    fn inputs(&self) -> usize {
        self.pixels
    }
    fn outputs(&self) -> usize {
        1
    }
    fn weight(&self, _: usize, _: usize, _: usize) -> f64 {
        1.0 / self.pixels as f64
    }
    fn bias(&self, _: usize, _: usize) -> Option<f64> {
        None
    }
}
