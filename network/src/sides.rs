//! What the weights of one sign have in a sum: the currents of a pair of bitlines, in the network's numbers.

use crate::graph::{Conv, Shape};
use crate::reference::convolve;
use crate::stage::{Matrix, Stage, StageId};

/// The positive half of each stage's matrix.
pub(crate) struct Sides {
    halves: Vec<Option<Half>>,
}

struct Half {
    /// The positive weights; zero in place of the others.
    conv: Conv,
    /// The positive biases.
    bias: Vec<f64>,
    input: StageId,
    in_shape: Shape,
    out_shape: Shape,
}

impl Sides {
    pub(crate) fn new(stages: &[Stage]) -> Self {
        Self { halves: stages.iter().map(|stage| Some(Half::new(stage, stage.matrix()?))).collect() }
    }

    /// The larger magnitude of the two sides at each output of stage `at` on one image, given its input and its `pre`
    /// activation values, `[C][H][W]`; `None` if the stage has no weights.
    pub(crate) fn magnitudes<'a>(
        &self,
        at: usize,
        tensor: impl Fn(StageId) -> &'a Vec<f64>,
        pre: &[f64],
    ) -> Option<Vec<f64>> {
        let half = self.halves[at].as_ref()?;
        let mut positive = vec![0.0; half.out_shape.elements()];
        let (x, y) = (tensor(half.input).as_chunks::<1>().0, positive.as_chunks_mut::<1>().0);
        convolve(&half.conv, half.in_shape, x, half.out_shape, y);
        let plane = half.out_shape.plane();
        let planes = positive.chunks_exact_mut(plane).zip(pre.chunks_exact(plane));
        for ((positive, whole), bias) in planes.zip(&half.bias) {
            for (side, whole) in positive.iter_mut().zip(whole) {
                *side += bias;
                *side = side.abs().max((whole - *side).abs());
            }
        }
        Some(positive)
    }
}

impl Half {
    fn new(stage: &Stage, matrix: &Matrix) -> Self {
        let weight = matrix.weight.iter().map(|w| w.max(0.0) as f32).collect();
        let conv = Conv {
            out: matrix.out,
            in_per_group: matrix.in_per_group,
            kernel: matrix.kernel,
            stride: matrix.stride,
            padding: matrix.padding,
            groups: matrix.groups,
            weight,
            bias: None,
        };
        Self {
            conv,
            bias: matrix.bias.iter().map(|b| b.max(0.0)).collect(),
            input: stage.inputs[0],
            in_shape: stage.in_shapes[0],
            out_shape: stage.out_shape,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::NodeId;
    use crate::stage::{MatrixKind, StageKind};

    #[test]
    fn the_larger_side_of_each_output_is_found() {
        let matrix = Matrix {
            kind: MatrixKind::Linear,
            out: 2,
            in_per_group: 3,
            groups: 1,
            kernel: 1,
            stride: 1,
            padding: 0,
            weight: vec![1.0, -2.0, 3.0, -1.0, -1.0, 0.5],
            bias: vec![0.5, -4.0],
            activation: None,
        };
        let stage = Stage {
            name: "fc".into(),
            kind: StageKind::Matrix(matrix),
            inputs: vec![StageId(0)],
            in_shapes: vec![Shape::vector(3)],
            out_shape: Shape::vector(2),
            pre_node: NodeId(1),
            out_node: NodeId(1),
        };
        let x = vec![2.0, 3.0, 1.0];
        // Output 0: +2 + 3 + 0.5 = 5.5 against -6; output 1: +0.5 against -2 - 3 - 4 = -9.
        let pre = [-0.5, -8.5];
        assert_eq!(Sides::new(&[stage]).magnitudes(0, |_| &x, &pre), Some(vec![6.0, 9.0]));
    }
}
