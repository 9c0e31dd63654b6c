//! Channels that no weight is left of: of a pruned layer, or of one whose weights were rounded to zero.

use crate::stage::{Matrix, Stage};

/// The channels of a layer whose weights are all zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// Output channels that read nothing.
    pub outputs: Vec<usize>,
    /// Input channels that nothing reads.
    pub inputs: Vec<usize>,
}

/// The idle channels of a layer, if it has weights and some of its channels have none left.
pub fn idle(stage: &Stage) -> Option<Idle> {
    let matrix = stage.matrix()?;
    let outputs: Vec<usize> =
        (0..matrix.out).filter(|out| matrix.row(*out).iter().all(|weight| *weight == 0.0)).collect();
    let read = inputs_read(matrix);
    let inputs: Vec<usize> = (0..read.len()).filter(|input| !read[*input]).collect();
    (!outputs.is_empty() || !inputs.is_empty()).then_some(Idle { outputs, inputs })
}

/// Whether each input channel has a weight that is not zero.
fn inputs_read(matrix: &Matrix) -> Vec<bool> {
    let mut read = vec![false; matrix.in_per_group * matrix.groups];
    for out in 0..matrix.out {
        let kernels = matrix.row(out).chunks(matrix.kernel * matrix.kernel);
        for (input, kernel) in (matrix.first_input(out)..).zip(kernels) {
            read[input] |= kernel.iter().any(|weight| *weight != 0.0);
        }
    }
    read
}
